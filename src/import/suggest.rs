/// "did you mean", where a known word is like the misspelt one; else all known words.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => {
            format!("there are {}", known.into_iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", "))
        }
    }
}

/// More known words than this are not searched for a like one.
const SEARCHED: usize = 10_000;

/// The known word that is most like a misspelt one, if half of it is right in one.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let like = known.into_iter().take(SEARCHED).filter_map(|other| {
        let distance = strsim::damerau_levenshtein(&wanted, &other.to_lowercase());
        let length = word.chars().count().max(other.chars().count());
        (distance <= length / 2).then_some((distance, other))
    });
    like.min().map(|(_, other)| other)
}
