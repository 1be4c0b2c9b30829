//! How a language counts and writes numbers. The browser's `Intl` knows; here is what is kept of it.

/// The plural category of a number, by the Unicode CLDR's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plural {
    /// Such as Arabic's for 0.
    Zero,
    /// Such as English's for 1.
    One,
    /// Such as Arabic's for 2.
    Two,
    /// Such as Arabic's for 3 to 10.
    Few,
    /// Such as Arabic's for 11 to 99.
    Many,
    /// Every other number: the sentence without a category.
    #[default]
    Other,
}

impl Plural {
    /// By its name, such as `few`.
    pub fn named(name: &str) -> Self {
        match name {
            "zero" => Self::Zero,
            "one" => Self::One,
            "two" => Self::Two,
            "few" => Self::Few,
            "many" => Self::Many,
            _ => Self::Other,
        }
    }

    /// What follows a key in the words, such as `#few`; nothing for `other`.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Zero => "#zero",
            Self::One => "#one",
            Self::Two => "#two",
            Self::Few => "#few",
            Self::Many => "#many",
            Self::Other => "",
        }
    }
}

/// How a language counts and writes numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Numerals {
    /// The category of 0, 1, 2 and so on: [`Numerals::COUNTED`] of them.
    pub plurals: Vec<Plural>,
    /// From 0 to 9.
    pub digits: [char; 10],
    /// What stands before decimals.
    pub decimal: char,
}

impl Default for Numerals {
    /// As in English.
    fn default() -> Self {
        Self {
            plurals: vec![Plural::Other, Plural::One],
            digits: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
            decimal: '.',
        }
    }
}

impl Numerals {
    /// So many numbers are asked for: in all languages the last two digits decide from 100 on.
    pub const COUNTED: usize = 200;

    /// The category of a number; one with decimals counts as `other`.
    pub fn plural(&self, number: f64) -> Plural {
        let whole = number as usize;
        if number.fract() != 0.0 || number < 0.0 {
            return Plural::Other;
        }
        let counted = match whole {
            0..Self::COUNTED => whole,
            _ => 100 + whole % 100,
        };
        self.plurals.get(counted).copied().unwrap_or_default()
    }

    /// Writes a figure such as `7.2 s` in the language's own digits.
    pub fn write(&self, figure: &str) -> String {
        let figure = figure.chars().map(|it| match it {
            '.' => self.decimal,
            '0'..='9' => self.digits[usize::from(it as u8 - b'0')],
            other => other,
        });
        figure.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_two_digits_decide_from_a_hundred_on() {
        // As in Arabic.
        let category = |number: usize| match (number, number % 100) {
            (0, _) => Plural::Zero,
            (1, _) => Plural::One,
            (2, _) => Plural::Two,
            (_, 3..=10) => Plural::Few,
            (_, 11..=99) => Plural::Many,
            _ => Plural::Other,
        };
        let numerals = Numerals {
            plurals: (0..Numerals::COUNTED).map(category).collect(),
            ..Numerals::default()
        };
        let categories =
            [0.0, 1.0, 2.0, 7.0, 11.0, 100.0, 102.0, 205.0, 1311.0, 2.5].map(|it| numerals.plural(it));
        use Plural::{Few, Many, One, Other, Two, Zero};
        assert_eq!(
            categories,
            [Zero, One, Two, Few, Many, Other, Other, Few, Many, Other]
        );
    }

    #[test]
    fn figures_are_written_in_the_languages_digits() {
        assert_eq!(Numerals::default().write("7.2 s"), "7.2 s");
        let german = Numerals {
            decimal: ',',
            ..Numerals::default()
        };
        assert_eq!(german.write("7.2 s"), "7,2 s");
        let arabic = Numerals {
            decimal: '٫',
            digits: ['٠', '١', '٢', '٣', '٤', '٥', '٦', '٧', '٨', '٩'],
            ..Numerals::default()
        };
        assert_eq!(arabic.write("7.2 s"), "٧٫٢ s");
    }
}
