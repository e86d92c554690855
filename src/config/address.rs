use std::fmt::{self, Debug, Display};
use url::Url;

/// An `https://` or `http://` address that may hold a user, a password, or a token among its parameters. Shown without
/// them, also by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress(Url);

impl WebAddress {
    /// None: it is not such an address.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = !text.contains(|character: char| character.is_whitespace() || character.is_control());
        Url::parse(text).ok().filter(|url| is_plain && matches!(url.scheme(), "https" | "http")).map(Self)
    }

    /// All of it, for whoever connects.
    pub fn secret(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is reached through TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether it has a user or a password.
    pub fn has_credentials(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }
}

impl Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        shown.set_query(None);
        shown.set_fragment(None);
        // Errors are for addresses that cannot have any: these always can.
        let _ = (shown.set_username(""), shown.set_password(None));
        f.write_str(shown.as_str())
    }
}

impl Debug for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::WebAddress;

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        let address = WebAddress::parse("https://kpi:s3cret@id.example:8443/keys?token=s3cret#s3cret").unwrap();
        assert_eq!(address.to_string(), "https://id.example:8443/keys");
        assert_eq!(format!("{address:?}"), "\"https://id.example:8443/keys\"");
        assert!(address.has_credentials() && address.is_https() && address.secret().contains("token=s3cret"));
        for wrong in ["", "id.example", "file:///keys", "https://", "https://a b", "http://[::1"] {
            assert!(WebAddress::parse(wrong).is_none(), "{wrong}");
        }
    }
}
