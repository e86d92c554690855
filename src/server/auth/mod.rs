//! Who may call, and what they see.

/// Which access applies to a call.
mod access;
/// The keys that sign tokens, from a URL.
mod fetch;
mod gate;
/// One GET, for the keys of a URL.
mod get;
/// What a token grants.
mod grant;
/// JSON Web Tokens.
mod jwt;
/// The keys that sign tokens.
mod keys;
/// How callers are named.
mod names;
/// Which roles open which RPCs.
mod roles;
/// Public keys, and the signatures that they check.
mod signature;
/// The parts of a JSON Web Token.
mod token;
/// Static tokens.
mod tokens;

pub use access::access;
pub use fetch::KnownKeys;
pub use gate::Gate;
pub use tokens::{Tokens, hash};
