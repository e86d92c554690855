use crate::scope::Scope;
use crate::service::Caller;

/// The most ids of a scope. They are parameters of every statement.
const MAX_IDS: usize = 1000;

/// What a token grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub caller: Caller,
    pub roles: Vec<String>,
}

/// The scopes that a token names, of which it may have one.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    pub everything: bool,
    pub teams: Vec<String>,
    pub reps: Vec<String>,
}

/// Why there is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoScope {
    /// None is named.
    None,
    /// Several are named.
    Several,
    /// An id is empty or holds a NUL, or there are too many.
    Ids,
}

impl Scopes {
    pub fn one(self) -> Result<Scope, NoScope> {
        let Self { everything, teams, reps } = self;
        match (everything, teams.is_empty(), reps.is_empty()) {
            (true, true, true) => Ok(Scope::All),
            (false, false, true) => checked(teams).map(Scope::teams),
            (false, true, false) => checked(reps).map(Scope::reps),
            (false, true, true) => Err(NoScope::None),
            _ => Err(NoScope::Several),
        }
    }
}

fn checked(ids: Vec<String>) -> Result<Vec<String>, NoScope> {
    let wrong = |id: &String| id.is_empty() || id.contains('\0');
    if ids.len() > MAX_IDS || ids.iter().any(wrong) { Err(NoScope::Ids) } else { Ok(ids) }
}

impl NoScope {
    /// What is wrong, in words.
    pub fn text(self) -> String {
        match self {
            Self::None => "no scope".into(),
            Self::Several => "more than one scope".into(),
            Self::Ids => {
                format!("a scope with an id that is empty or holds a NUL, or with more than {MAX_IDS} ids")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(everything: bool, teams: &[&str], reps: &[&str]) -> Result<Scope, NoScope> {
        let own = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        Scopes { everything, teams: own(teams), reps: own(reps) }.one()
    }

    #[test]
    fn there_is_exactly_one_scope() {
        assert_eq!(scope(true, &[], &[]), Ok(Scope::All));
        assert_eq!(scope(false, &["b", "a", "b"], &[]), Ok(Scope::Teams(vec!["a".into(), "b".into()])));
        assert_eq!(scope(false, &[], &["r"]), Ok(Scope::Reps(vec!["r".into()])));
        assert_eq!(scope(false, &[], &[]), Err(NoScope::None));
        for several in [scope(true, &["a"], &[]), scope(true, &[], &["r"]), scope(false, &["a"], &["r"])] {
            assert_eq!(several, Err(NoScope::Several));
        }
        assert_eq!(scope(false, &["a", ""], &[]), Err(NoScope::Ids));
        assert_eq!(scope(false, &[], &["a\0"]), Err(NoScope::Ids));
        let many: Vec<String> = (0..=MAX_IDS).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(scope(false, &many, &[]), Err(NoScope::Ids));
        assert!(scope(false, &many[1..], &[]).is_ok());
    }
}
