use std::borrow::Cow;

/// The text as a number or a date is read: Persian and Arabic digits as `0` to `9`, without the invisible marks that
/// steer writing direction.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    text.chars().filter(|letter| !is_mark(*letter)).map(digit).collect::<String>().into()
}

/// A Persian or Arabic digit as one of `0` to `9`; other characters as they are.
pub(super) fn digit(letter: char) -> char {
    let first = match letter {
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        _ => return letter,
    };
    char::from_digit(u32::from(letter) - u32::from(first), 10).unwrap_or(letter)
}

/// Marks of writing direction, which nobody sees.
pub(super) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_of_persian_and_arabic_are_digits() {
        assert_eq!(plain("\u{200e}۱۴۰۲/۱۲/۱۱\u{200e}"), "1402/12/11");
        assert_eq!(plain("٠١٢٣٤٥٦٧٨٩"), "0123456789");
        assert_eq!(plain("تا ۷"), "تا 7");
    }

    proptest! {
        #[test]
        fn a_number_is_itself_in_other_digits(number in any::<u64>(), zero in prop::sample::select(vec!['۰', '٠'])) {
            let written: String = number
                .to_string()
                .chars()
                .filter_map(|digit| char::from_u32(u32::from(zero) + digit.to_digit(10)?))
                .collect();
            prop_assert_eq!(plain(&written), number.to_string());
        }
    }
}
