use super::digits::{digit, is_mark};

/// A key made of a name: its letters and digits in lower case, joined by hyphens where other characters stand between.
pub fn slug(text: &str) -> Result<String, String> {
    let mut slug = String::with_capacity(text.len());
    for part in text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(part.chars().flat_map(char::to_lowercase));
    }
    if slug.is_empty() { Err("has no letters or digits to make a key from".into()) } else { Ok(slug) }
}

/// A text as spellings are compared: in lower case, without spaces, hyphens, underscores and zero-width joiners, the
/// Arabic yeh and kaf as the Persian ones, the Russian yo as ye, Persian and Arabic digits as `0` to `9`.
pub fn folded(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase).filter(|letter| {
        let means_nothing = matches!(letter, '-' | '_' | '\u{200b}'..='\u{200d}' | '\u{640}') || is_mark(*letter);
        !means_nothing && !letter.is_whitespace()
    });
    let letters = letters.map(|letter| match letter {
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'ё' => 'е',
        letter => digit(letter),
    });
    letters.collect()
}

/// Reads one of the known words; case, spaces and hyphens do not matter.
pub fn word(text: &str, known: &[&'static str]) -> Result<&'static str, String> {
    let wanted = folded(text);
    known
        .iter()
        .find(|word| folded(word) == wanted)
        .copied()
        .ok_or_else(|| format!("must be one of {}: the mapping can say which with `words`", known.join(", ")))
}

/// Reads yes or no.
pub fn flag(text: &str) -> Result<bool, String> {
    match folded(text).as_str() {
        "true" | "yes" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "n" | "f" | "0" => Ok(false),
        _ => Err("must be true or false (yes or no, 1 or 0): the mapping can say which with `words`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_words() {
        assert_eq!(slug("  Gekko & Co. "), Ok("gekko-co".into()));
        assert_eq!(slug("Zoë O'Brien"), Ok("zoë-o-brien".into()));
        assert_eq!(slug("علی رضایی"), Ok("علی-رضایی".into()));
        assert!(slug("--").is_err());
    }

    #[test]
    fn spellings_of_a_word_are_one() {
        for (one, other) in [
            ("Closed Won", "closed-won"),
            ("برنده شده", "برنده\u{200c}شده"),
            ("مشتري كليدي", "مشتری کلیدی"),
            ("Q۱", "q1"),
            ("Счёт", "СЧЕТ"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("won"), folded("wo"));
        assert_eq!(flag("۱"), Ok(true));
    }

    #[test]
    fn words_do_not_mind_their_case() {
        assert_eq!(word("Cross-Sell", &["new", "cross_sell"]), Ok("cross_sell"));
        assert!(word("Won!", &["won"]).is_err());
    }
}
