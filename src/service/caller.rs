use crate::engine::Scope;
use crate::error::{Error, Result};
use std::sync::Arc;
use tonic::Request;

/// Who calls. The server puts one into the extensions of every request that it lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// How logs name the caller; never a secret.
    pub name: Arc<str>,
    /// What the caller may see.
    pub scope: Scope,
}

impl Caller {
    /// Anybody, where nothing tells callers from each other: sees everything.
    pub fn anybody() -> Self {
        Self { name: "anybody".into(), scope: Scope::All }
    }
}

/// What the caller of a request may see. Nothing is answered where nobody has said who calls.
pub(super) fn scope<T>(request: &Request<T>) -> Result<Scope> {
    let caller = request.extensions().get::<Caller>();
    caller.map(|caller| caller.scope.clone()).ok_or_else(|| Error::Internal("a request without a caller".into()))
}
