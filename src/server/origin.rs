use http::header::{FORWARDED, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::net::{IpAddr, SocketAddr};

/// Whom proxies say that they forward for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Characters of other headers of a caller that logs show.
const MAX_SHOWN: usize = 200;

/// Where a call comes from, for logs and traces. All but the peer is what the caller or a proxy says.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The other end of the connection.
    pub peer: Option<SocketAddr>,
    user_agent: Option<HeaderValue>,
    forwarded_for: Option<HeaderValue>,
}

impl Origin {
    /// Of a call.
    pub fn of(peer: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        let forwarded_for = headers.get(FORWARDED_FOR).or_else(|| headers.get(FORWARDED));
        Self { peer, user_agent: headers.get(USER_AGENT).cloned(), forwarded_for: forwarded_for.cloned() }
    }

    /// The caller's library, as it says.
    pub fn user_agent(&self) -> Option<&str> {
        shown(self.user_agent.as_ref())
    }

    /// Whom a proxy forwards for, as it or the caller says.
    pub fn forwarded_for(&self) -> Option<&str> {
        shown(self.forwarded_for.as_ref())
    }

    /// The caller's address: the first that proxies name, else the peer's.
    pub fn client(&self) -> Option<IpAddr> {
        let first = self.forwarded_for().and_then(|all| all.split(',').next()?.trim().parse().ok());
        first.or_else(|| self.peer.map(|peer| peer.ip()))
    }
}

/// The beginning of a header, where it is printable.
fn shown(value: Option<&HeaderValue>) -> Option<&str> {
    let text = value?.to_str().ok()?;
    Some(text.get(..MAX_SHOWN).unwrap_or(text))
}
