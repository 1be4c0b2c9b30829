//! The customer's colour, so that whatever it is can be read: text on it and text in it have a contrast of 4.5:1, and it
//! stands out from every surface of the page with 3:1, light and dark (WCAG 2.2, success criteria 1.4.3 and 1.4.11). A
//! colour that does so already stays as it is; any other becomes darker, or lighter, until it does.

use crate::few::Gather as _;

/// A colour of the screen: red, green and blue in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);

/// What text needs (1.4.3), and parts of the page (1.4.11).
const TEXT: f64 = 4.5;
const PART: f64 = 3.0;

/// The surfaces of `static/clearline.css` that are the furthest from the others: links stand on all of them.
const LIGHT: Theme = Theme {
    surfaces: &[
        "#ffffff", "#f5f6f8", "#eef0f4", "#e4f4ea", "#fdf0d8", "#fdeae8", "#e8eef4",
    ],
    away: BLACK,
};
const DARK: Theme = Theme {
    surfaces: &[
        "#101318", "#191d24", "#232932", "#163124", "#3a2c12", "#42201f", "#223040",
    ],
    away: WHITE,
};

struct Theme {
    surfaces: &'static [&'static str],
    /// Where colours go that are too near to the surfaces.
    away: Colour,
}

/// The page's tokens for a customer's colour: names of CSS and their values.
pub fn tokens(accent: Colour) -> Vec<(&'static str, String)> {
    let names = [
        ["--light-accent", "--light-on-accent", "--light-link"],
        ["--dark-accent", "--dark-on-accent", "--dark-link"],
    ];
    let themes = [&LIGHT, &DARK].into_iter().zip(names);
    let of_theme = |(theme, [fill, on, link]): (&Theme, [&'static str; 3])| {
        let filled = theme.apart(accent, PART);
        [
            (fill, filled.to_hex()),
            (on, filled.text_on().to_hex()),
            (link, theme.apart(accent, TEXT).to_hex()),
        ]
    };
    themes.flat_map(of_theme).few()
}

impl Theme {
    /// The colour, as near as it can be with this contrast to all surfaces.
    fn apart(&self, colour: Colour, least: f64) -> Colour {
        let surfaces = self.surfaces.iter().filter_map(|hex| Colour::parse(hex)).few();
        let tries = (0..=64).map(|step| colour.towards(self.away, f64::from(step) / 64.0));
        let fits = |colour: &Colour| surfaces.iter().all(|it| colour.contrast(*it) >= least);
        tries.filter(fits).few().first().copied().unwrap_or(self.away)
    }
}

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6)?;
        let digits = Some(digits).filter(|it| it.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    fn to_hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The share of a white surface's light (WCAG 2.2, "relative luminance").
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// From 1 (the same) to 21 (black and white) (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
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

    fn can_be_read(accent: Colour) -> Result<(), String> {
        let tokens = tokens(accent);
        let colour = |name: &str| {
            let found = tokens.iter().find(|it| it.0 == name);
            found.and_then(|it| Colour::parse(&it.1)).ok_or(name.to_owned())
        };
        for (name, theme) in [("light", LIGHT), ("dark", DARK)] {
            let [fill, on, link] =
                ["accent", "on-accent", "link"].map(|it| colour(&format!("--{name}-{it}")));
            let (fill, on, link) = (fill?, on?, link?);
            let mut pairs = vec![("text on the colour", on.contrast(fill), 4.5)];
            for surface in theme.surfaces.iter().filter_map(|it| Colour::parse(it)) {
                pairs.push(("a part", fill.contrast(surface), 3.0));
                pairs.push(("a link", link.contrast(surface), 4.5));
            }
            if let Some((what, is, _)) = pairs.iter().find(|(_, is, least)| is < least) {
                return Err(format!("{accent:?}, {name}: {what} has {is}"));
            }
        }
        Ok(())
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
        let steps = || (0..=255_u8).step_by(15);
        for red in steps() {
            for green in steps() {
                for blue in steps() {
                    can_be_read(Colour([red, green, blue])).unwrap();
                }
            }
        }
    }

    #[test]
    fn the_style_sheet_has_the_tokens_of_its_own_colour() {
        let css = css();
        let own = Colour::parse(in_css(&css, "--light-accent")).unwrap();
        for (name, value) in tokens(own) {
            assert_eq!(in_css(&css, name), value, "{name}");
        }
    }

    #[test]
    fn the_surfaces_are_those_of_the_style_sheet() {
        let css = css();
        for (name, theme) in [("light", LIGHT), ("dark", DARK)] {
            let kinds = [
                "paper",
                "ground",
                "sunken",
                "good-soft",
                "warn-soft",
                "bad-soft",
                "unknown-soft",
            ];
            let mut there = kinds.map(|kind| in_css(&css, &format!("--{name}-{kind}")));
            let mut known = theme.surfaces.to_vec();
            there.sort_unstable();
            known.sort_unstable();
            assert_eq!(known, there);
        }
    }

    proptest! {
        #[test]
        fn any_colour_can_be_read(colour: [u8; 3]) {
            prop_assert_eq!(can_be_read(Colour(colour)), Ok(()));
        }
    }
}
