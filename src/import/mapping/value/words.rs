/// A key made of a name: its letters and digits in lower case, joined by hyphens where other characters stand between.
pub fn slug(text: &str) -> Result<String, String> {
    let mut slug = String::with_capacity(text.len());
    for part in text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(part.chars().flat_map(char::to_lowercase));
    }
    if slug.is_empty() { Err("has no letter or digit to make a key of".into()) } else { Ok(slug) }
}

/// Reads one of the known words; case, spaces and hyphens do not matter.
pub fn word(text: &str, known: &[&'static str]) -> Result<&'static str, String> {
    let wanted = text.to_lowercase().replace([' ', '-'], "_");
    known
        .iter()
        .find(|word| **word == wanted)
        .copied()
        .ok_or_else(|| format!("must be one of {}: the mapping can say which with `replace`", known.join(", ")))
}

/// Reads yes or no.
pub fn flag(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "n" | "f" | "0" => Ok(false),
        _ => Err("must be true or false (yes or no, 1 or 0)".into()),
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
    fn words_do_not_mind_their_case() {
        assert_eq!(word("Cross-Sell", &["new", "cross_sell"]), Ok("cross_sell"));
        assert!(word("Won!", &["won"]).is_err());
    }
}
