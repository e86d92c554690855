use crate::error::{Error, Result};
use crate::scope::Scope;
use std::sync::Arc;
use tonic::Request;

/// Who calls. The server puts one into the extensions of every request that it lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// How logs name the caller; never a secret.
    pub name: Arc<str>,
    /// What the caller may see.
    pub scope: Scope,
    /// Where the calls of somebody without a name come from.
    peer: Option<Arc<str>>,
}

impl Caller {
    /// Somebody who is known by a name.
    pub fn named(name: &str, scope: Scope) -> Self {
        Self { name: name.into(), scope, peer: None }
    }

    /// Anybody, where nothing tells callers from each other but where they call from: sees everything.
    pub fn anybody(peer: Option<Arc<str>>) -> Self {
        Self { name: "anybody".into(), scope: Scope::All, peer }
    }

    /// Whom the caller's turns are counted for: its name, or the address of somebody without one.
    pub fn account(&self) -> &Arc<str> {
        self.peer.as_ref().unwrap_or(&self.name)
    }
}

/// Who has sent a request. Nothing is answered where nobody has said who calls.
pub(super) fn of<T>(request: &Request<T>) -> Result<Caller> {
    let caller = request.extensions().get::<Caller>();
    caller.cloned().ok_or_else(|| Error::Internal("a request without a caller".into()))
}
