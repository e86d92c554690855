/// A part of a text made of columns.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// The place of a column.
    Column(usize),
}

/// Reads a text such as `{First} {Last}`; `{{` and `}}` stand for braces. `column` finds a column by its name.
pub fn parts(text: &str, mut column: impl FnMut(&str) -> Option<usize>) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        rest = after;
        if let Some(after) = rest.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
        } else if brace == "}" {
            return Err("unmatched }: use }} for a brace".into());
        } else {
            let (name, after) = rest.split_once('}').ok_or("unmatched {: use {{ for a brace")?;
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            // An unknown column has been reported by who looked it up.
            parts.extend(column(name.trim()).map(Part::Column));
            rest = after;
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Part>, String> {
        parts(text, |name| ["a", "b"].iter().position(|known| *known == name))
    }

    #[test]
    fn texts_are_made_of_columns() {
        let text = |text: &str| Part::Text(text.into());
        assert_eq!(read("{a} / { b }!"), Ok(vec![Part::Column(0), text(" / "), Part::Column(1), text("!")]));
        assert_eq!(read("{{a}}"), Ok(vec![text("{a}")]));
        assert_eq!(read("plain"), Ok(vec![text("plain")]));
        assert!(read("{a").is_err());
        assert!(read("a}").is_err());
    }
}
