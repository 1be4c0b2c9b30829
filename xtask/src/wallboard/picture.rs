//! What a browser's screenshot shows, and how it looks on a screen of 256 colours.

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use serde_json::json;

use crate::command::{Failure, Outcome};
use crate::devtools::Page;

/// Red, green, blue.
pub type Colour = [u8; 3];

/// Pixels, row by row.
pub struct Picture {
    width: usize,
    pixels: Vec<Colour>,
}

/// A part of a picture, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Picture {
    /// What the page shows now; the PNG too, for whoever wants to look.
    ///
    /// # Errors
    /// The browser does not answer, or with another kind of picture.
    pub fn of(page: &mut Page) -> Outcome<(Self, Vec<u8>)> {
        let shot = page.call("Page.captureScreenshot", json!({ "format": "png" }))?;
        let png = STANDARD
            .decode(shot["data"].as_str().unwrap_or_default())
            .map_err(|error| Failure::new(error.to_string()))?;
        let read = Self::read(&png).ok_or_else(|| Failure::new("not a picture as browsers make them"))?;
        Ok((read, png))
    }

    /// A PNG with 8 bits, of colours with or without opacity, not interlaced (W3C, Portable Network Graphics, 5 and 9).
    fn read(png: &[u8]) -> Option<Self> {
        let mut rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
        let (mut width, mut bytes, mut packed) = (0, 0, Vec::new());
        while let Some((head, after)) = rest.split_first_chunk::<8>() {
            let length = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
            let content = after.get(..length)?;
            match &head[4..] {
                b"IHDR" => {
                    width = u32::from_be_bytes(content.get(..4)?.try_into().ok()?) as usize;
                    bytes = match content.get(8..)? {
                        [8, 2, _, _, 0] => 3,
                        [8, 6, _, _, 0] => 4,
                        _ => return None,
                    };
                }
                b"IDAT" => packed.extend_from_slice(content),
                _ => {}
            }
            rest = after.get(length + 4..)?;
        }
        let mut rows = Vec::new();
        ZlibDecoder::new(packed.as_slice()).read_to_end(&mut rows).ok()?;
        let mut above = vec![0; width * bytes];
        let mut pixels = Vec::new();
        for row in rows.chunks_exact(width * bytes + 1) {
            above = unfiltered(row, &above, bytes)?;
            pixels.extend(above.chunks_exact(bytes).map(|it| [it[0], it[1], it[2]]));
        }
        Some(Self { width, pixels })
    }

    /// The same on a screen whose colours are three bits of red and green, and two of blue.
    pub fn of_256_colours(mut self) -> Self {
        for colour in &mut self.pixels {
            let [red, green, blue] = *colour;
            let level = |value: u8, bits: u32| {
                let most = (1_u32 << bits) - 1;
                ((u32::from(value) * most + 127) / 255 * 255 / most) as u8
            };
            *colour = [level(red, 3), level(green, 3), level(blue, 2)];
        }
        self
    }

    /// The colours of a part, the most common one first.
    fn colours(&self, part: Part) -> Vec<(Colour, usize)> {
        let mut counts: BTreeMap<Colour, usize> = BTreeMap::new();
        let (left, right) = (part.x.ceil() as usize, (part.x + part.width).floor() as usize);
        for y in part.y.ceil() as usize..(part.y + part.height).floor() as usize {
            let row = self.pixels.get(y * self.width..).unwrap_or_default();
            for colour in row.iter().take(right.min(self.width)).skip(left) {
                *counts.entry(*colour).or_default() += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }

    /// The contrast between what is written in a part and what it is written on. Of the edges of letters, which are of many
    /// colours, no one is common.
    pub fn text_contrast(&self, part: Part) -> f64 {
        let colours = self.colours(part);
        let Some(((ground, _), inks)) = colours.split_first() else {
            return 1.0;
        };
        let all: usize = inks.iter().map(|(_, count)| count).sum();
        let common = inks.iter().filter(|(_, count)| count * 20 >= all);
        common.map(|(ink, _)| contrast(*ink, *ground)).fold(1.0, f64::max)
    }

    /// The contrast between what is drawn in a part, which need not fill it, and the part beside it.
    pub fn shape_contrast(&self, part: Part, beside: Part) -> f64 {
        let Some((ground, _)) = self.colours(beside).first().copied() else {
            return 1.0;
        };
        let all = part.width * part.height;
        let large = self
            .colours(part)
            .into_iter()
            .filter(|(_, count)| *count as f64 * 4.0 >= all);
        large
            .map(|(colour, _)| contrast(colour, ground))
            .fold(1.0, f64::max)
    }
}

/// A row as it is, from one that tells how it differs from its neighbours.
fn unfiltered(row: &[u8], above: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let (filter, row) = row.split_first()?;
    let mut out: Vec<u8> = Vec::with_capacity(row.len());
    for (at, value) in row.iter().enumerate() {
        let back = at.checked_sub(bytes);
        let left = back.map_or(0, |back| out[back]);
        let up = above[at];
        let corner = back.map_or(0, |back| above[back]);
        let expected = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
            4 => paeth(left, up, corner),
            _ => return None,
        };
        out.push(value.wrapping_add(expected));
    }
    Some(out)
}

/// Whichever of the three is nearest to where the first two lead.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let [to_left, to_up, to_corner] = [left, up, corner].map(|it| (guess - i16::from(it)).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: Colour, other: Colour) -> f64 {
    let [one, other] = [luminance(one), luminance(other)];
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// Five times the same two pixels, each row told in another way.
    fn png() -> Vec<u8> {
        let rows: [[u8; 7]; 5] = [
            [0, 10, 20, 30, 40, 50, 60],
            [1, 10, 20, 30, 30, 30, 30],
            [2, 0, 0, 0, 0, 0, 0],
            [3, 5, 10, 15, 15, 15, 15],
            [4, 0, 0, 0, 0, 0, 0],
        ];
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(rows.as_flattened()).expect("into memory");
        let packed = packed.finish().expect("into memory");
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        let header = [0, 0, 0, 2, 0, 0, 0, 5, 8, 2, 0, 0, 0];
        for (kind, content) in [(b"IHDR", &header[..]), (b"IDAT", &packed), (b"IEND", &[])] {
            png.extend((content.len() as u32).to_be_bytes());
            png.extend(kind);
            png.extend(content);
            png.extend([0; 4]);
        }
        png
    }

    #[test]
    fn every_way_of_telling_a_row_is_understood() {
        let picture = Picture::read(&png()).expect("it is a picture");
        let row = [[10, 20, 30], [40, 50, 60]];
        assert_eq!(picture.pixels, [row; 5].as_flattened());
        assert!(Picture::read(&png()[..40]).is_none());
    }

    #[test]
    fn black_and_white_stay_and_the_rest_moves_to_the_nearest() {
        let pixels = vec![[0; 3], [255; 3], [100, 20, 140]];
        let few = Picture { width: 3, pixels }.of_256_colours();
        assert_eq!(few.pixels, [[0; 3], [255; 3], [109, 36, 170]]);
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
    }

    #[test]
    fn the_edges_of_letters_are_no_ink() {
        // A ground of white, half of the rest grey, and one black pixel of a hundred.
        let mut pixels = vec![[255; 3]; 400];
        pixels[..99].fill([120; 3]);
        pixels[99] = [0; 3];
        let picture = Picture { width: 20, pixels };
        let all = Part {
            x: 0.0,
            y: 0.0,
            width: 20.0,
            height: 20.0,
        };
        let told = picture.text_contrast(all);
        assert!((told - contrast([120; 3], [255; 3])).abs() < 1e-9, "{told}");
    }
}
