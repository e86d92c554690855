/// What is read of a URL.
#[derive(Clone, PartialEq, Eq)]
pub struct UrlParts {
    /// What the driver reads. Secret.
    pub secret: String,
    pub shown: String,
    /// Parameters that have no effect.
    pub ignored: Vec<&'static str>,
    /// Certificates and keys.
    pub files: Vec<String>,
}
