/// A stretch of keys in byte order, to go through something page by page. Unset keys come first.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyRange {
    /// From this key on, included.
    pub from: Option<String>,
    /// Behind this key.
    pub after: Option<String>,
    /// Up to this key, included; none: to the end.
    pub to: Option<String>,
}
