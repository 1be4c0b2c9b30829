//! The customer's colour, so that whatever it is can be read: text on it and text in it have a contrast of 4.5:1, and it
//! stands out from every surface of the page with 3:1, light and dark (WCAG 2.2, success criteria 1.4.3 and 1.4.11). A
//! colour that does so already stays as it is; any other becomes darker, or lighter, until it does.

/// A colour of the screen: red, green and blue in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);

/// What text needs (1.4.3), and parts of the page (1.4.11).
const TEXT: f64 = 4.5;
const PART: f64 = 3.0;

/// The darkest surface of the light page in `static/clearline.css`, and where colours go that are too near to it; and the
/// lightest one of the dark page.
const LIGHT: [Colour; 2] = [Colour([0xe8, 0xee, 0xf4]), BLACK];
const DARK: [Colour; 2] = [Colour([0x22, 0x30, 0x40]), WHITE];

/// The page's tokens for a customer's colour: their names and values.
#[inline(never)]
pub fn tokens(accent: Colour) -> Vec<(&'static str, String)> {
    let mut tokens = Vec::new();
    for (theme, [fill, on, link]) in [
        (LIGHT, ["--light-accent", "--light-on-accent", "--light-link"]),
        (DARK, ["--dark-accent", "--dark-on-accent", "--dark-link"]),
    ] {
        let filled = accent.apart(theme, PART);
        for (name, colour) in [
            (fill, filled),
            (on, filled.text_on()),
            (link, accent.apart(theme, TEXT)),
        ] {
            tokens.push((name, colour.to_hex()));
        }
    }
    tokens
}

impl Colour {
    /// That of the page, where the customer has none.
    pub const OWN: Self = Self([0x0a, 0x5c, 0xff]);

    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let [b'#', digits @ ..] = text.as_bytes() else {
            return None;
        };
        let mut colour = BLACK;
        let (mut values, mut pairs) = (colour.0.iter_mut(), digits.chunks(2));
        for value in &mut values {
            let [high, low] = pairs.next()? else { return None };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            *value = (digit(*high)? * 16 + digit(*low)?) as u8;
        }
        pairs.next().is_none().then_some(colour)
    }

    fn to_hex(self) -> String {
        let mut text = String::from("#");
        for value in self.0 {
            for digit in [value >> 4, value & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
        text
    }

    /// The share of a white surface's light (WCAG 2.2, "relative luminance").
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                to_2_4((value + 0.055) / 1.055)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// From 1 (the same) to 21 (black and white) (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// As near to it as can be, with this contrast to a surface.
    fn apart(self, [surface, away]: [Self; 2], least: f64) -> Self {
        let mut step = 0.0;
        loop {
            let colour = self.towards(away, step / 64.0);
            if step >= 64.0 || colour.contrast(surface) >= least {
                return colour;
            }
            step += 1.0;
        }
    }

    /// Black or white, whichever is read better: at the worst with 4.58:1.
    fn text_on(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        }
    }

    fn towards(self, other: Self, part: f64) -> Self {
        let mut mixed = self.0;
        for (value, to) in mixed.iter_mut().zip(other.0) {
            *value = (f64::from(*value) + (f64::from(to) - f64::from(*value)) * part).round() as u8;
        }
        Self(mixed)
    }
}

/// `value` to the power of 2.4, for 0..=1: the standard library's way weighs 2 kB in the page. The fifth root of the
/// square is found by Newton's method, from above.
fn to_2_4(value: f64) -> f64 {
    let square = value * value;
    let mut root = 1.0;
    for _ in 0..40 {
        let fourth: f64 = root * root * root * root;
        root -= (root * fourth - square) / (5.0 * fourth);
    }
    square * root
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the style sheet says a token is.
    fn in_css<'a>(css: &'a str, name: &str) -> &'a str {
        let from = css
            .find(&format!("  {name}: "))
            .unwrap_or_else(|| panic!("no {name}"));
        css[from..].split([':', ';']).nth(1).unwrap().trim()
    }

    fn css() -> String {
        std::fs::read_to_string("static/clearline.css").unwrap()
    }

    const SURFACES: [&str; 7] = [
        "paper",
        "ground",
        "sunken",
        "good-soft",
        "warn-soft",
        "bad-soft",
        "unknown-soft",
    ];

    /// The surfaces of the style sheet.
    fn surfaces(css: &str, theme: &str) -> Vec<Colour> {
        let of = |kind| Colour::parse(in_css(css, &format!("--{theme}-{kind}"))).unwrap();
        SURFACES.map(of).to_vec()
    }

    /// Whether text on the colour, parts of the page and links have what they need on every surface.
    fn can_be_read(accent: Colour, themes: &[(&str, Vec<Colour>)]) -> Result<(), String> {
        let tokens = tokens(accent);
        for (name, surfaces) in themes {
            let [fill, on, link] = ["accent", "on-accent", "link"].map(|it| {
                let named = tokens.iter().find(|token| token.0 == format!("--{name}-{it}"));
                Colour::parse(&named.unwrap().1).unwrap()
            });
            let mut pairs = vec![("text on the colour", on.contrast(fill), 4.5)];
            for surface in surfaces {
                pairs.push(("a part", fill.contrast(*surface), 3.0));
                pairs.push(("a link", link.contrast(*surface), 4.5));
            }
            if let Some((what, is, _)) = pairs.iter().find(|(_, is, least)| is < least) {
                return Err(format!("{accent:?}, {name}: {what} has {is}"));
            }
        }
        Ok(())
    }

    fn themes() -> [(&'static str, Vec<Colour>); 2] {
        let css = css();
        ["light", "dark"].map(|theme| (theme, surfaces(&css, theme)))
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let colour = |hex| Colour::parse(hex).unwrap();
        assert_eq!(WHITE.contrast(BLACK).round(), 21.0);
        // As the tools of the W3C's techniques G17 and G18 reckon them.
        for (one, other, ratio) in [
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.0),
        ] {
            let is = colour(one).contrast(colour(other));
            assert!((is - ratio).abs() < 0.005, "{one} on {other}: {is}");
        }
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in [
            "", "#", "#fff", "#12345g", "#+12345", "123456", "#1234567", "#äöü",
        ] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
        assert_eq!(Colour::parse("#0A5cff"), Some(Colour([0x0a, 0x5c, 0xff])));
    }

    #[test]
    fn a_colour_that_can_be_read_stays() {
        assert_eq!(tokens(Colour([0x0a, 0x5c, 0xff]))[0].1, "#0a5cff");
    }

    /// Each fifteenth step of all three, black, white and the greys among them.
    #[test]
    fn every_colour_can_be_read() {
        let themes = themes();
        let steps = || (0..=255_u8).step_by(15);
        for red in steps() {
            for green in steps() {
                for blue in steps() {
                    can_be_read(Colour([red, green, blue]), &themes).unwrap();
                }
            }
        }
    }

    #[test]
    fn the_style_sheet_has_the_tokens_of_its_own_colour() {
        let css = css();
        for (name, value) in tokens(Colour::OWN) {
            assert_eq!(in_css(&css, name), value, "{name}");
        }
    }

    #[test]
    fn the_surfaces_are_those_of_the_style_sheet() {
        let [light, dark] = themes().map(|(_, surfaces)| surfaces);
        let nearer = |a: &&Colour, b: &&Colour| a.luminance().total_cmp(&b.luminance());
        assert_eq!(light.iter().min_by(nearer), Some(&LIGHT[0]));
        assert_eq!(dark.iter().max_by(nearer), Some(&DARK[0]));
    }

    #[test]
    fn the_power_is_that_of_the_standard_library() {
        for value in 0..=255_u8 {
            let value = f64::from(value) / 255.0;
            assert!((to_2_4(value) - value.powf(2.4)).abs() < 1e-9, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_colour_can_be_read(colour: [u8; 3]) {
            prop_assert_eq!(can_be_read(Colour(colour), &themes()), Ok(()));
        }
    }
}
