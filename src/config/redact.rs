use std::borrow::Cow;

/// A text without the secrets of the addresses in it: user and password, and what follows `?`. For texts that quote what a
/// person wrote, whatever that is.
pub fn redact(text: &str) -> Cow<'_, str> {
    const SCHEME: &str = "://";
    if !text.contains(SCHEME) {
        return text.into();
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let Some(begin) = line.find(SCHEME).map(|at| at + SCHEME.len()) else { return Cow::from(line) };
        let (before, address) = line.split_at(begin);
        // A password may have any character: all up to the last "@" can be of it.
        let (hidden, address) = match address.rfind('@') {
            Some(at) => ("…", &address[at..]),
            None => ("", address),
        };
        let address = match address.find('?') {
            Some(at) => {
                let end = address[at..].find(['"', '\'', '`', ' ', '\n']).map_or(address.len(), |end| at + end);
                format!("{}?…{}", &address[..at], redact(&address[end..]))
            }
            None => address.to_owned(),
        };
        Cow::from(format!("{before}{hidden}{address}"))
    });
    Cow::from(lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn no_secret_of_an_address_is_left() {
        let cases = [
            ("limits.queries: 0 is wrong", "limits.queries: 0 is wrong"),
            ("see https://id.example/keys", "see https://id.example/keys"),
            ("\"https://id.example/keys?token=x\" is no", "\"https://id.example/keys?…\" is no"),
            ("'postgres://kpi:a b@c#d/e?f@db/crm?x=y' found\nFor more", "'postgres://…@db/crm?…' found\nFor more"),
            ("'postgres://kpi:x@db/crm' and 'postgres://kpi:y@db/crm'", "'postgres://…@db/crm'"),
        ];
        for (text, shown) in cases {
            assert_eq!(redact(text), shown);
        }
    }
}
