use crate::convert::nearest;
use crate::server::rpc::Rpc;
use crate::server::watch::Unusable;
use std::collections::BTreeMap;

const SETTING: &str = "auth.roles";

/// Opens everything.
const ALL: &str = "*";

/// Which roles open which RPCs.
#[derive(Debug)]
pub(super) struct Roles {
    roles: BTreeMap<String, Vec<String>>,
}

impl Roles {
    pub fn new(roles: &BTreeMap<String, Vec<String>>) -> Result<Self, Unusable> {
        let known = |name: &str| name == ALL || Rpc::own().any(|rpc| rpc == name);
        let mut problems = Vec::new();
        for (role, opens) in roles {
            for name in opens.iter().filter(|name| !known(name)) {
                let hint = match nearest(name, Rpc::own()) {
                    Some(nearest) => format!("did you mean {nearest:?}?"),
                    None => format!("use \"*\" for all, or some of {}", Rpc::own().collect::<Vec<_>>().join(", ")),
                };
                problems.push(format!("{role:?} opens {name:?}, which is not an RPC: {hint}"));
            }
        }
        if problems.is_empty() {
            Ok(Self { roles: roles.clone() })
        } else {
            Err(Unusable { setting: SETTING, text: problems.join("; ") })
        }
    }

    /// Whether one of a caller's roles opens an RPC. Where there are no roles everything is open.
    pub fn open(&self, of_caller: &[String], rpc: &str) -> bool {
        self.roles.is_empty()
            || of_caller
                .iter()
                .filter_map(|role| self.roles.get(role))
                .any(|opens| opens.iter().any(|name| name == ALL || name == rpc))
    }

    /// Those of some roles that the settings do not know. None where the settings have no roles.
    pub fn unknown<'a>(&self, roles: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
        let unknown = |role: &&String| !self.roles.is_empty() && !self.roles.contains_key(*role);
        roles.filter(unknown).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(roles: &[(&str, &[&str])]) -> Result<Roles, Unusable> {
        let own = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Roles::new(&roles.iter().map(|(role, opens)| (role.to_string(), own(opens))).collect())
    }

    fn has(role: &str) -> Vec<String> {
        vec![role.into()]
    }

    #[test]
    fn a_role_opens_what_it_names() {
        let roles = roles(&[("boards", &["QueryKpis", "ListKpis"]), ("all", &["*"]), ("none", &[])]).unwrap();
        assert!(roles.open(&has("boards"), "QueryKpis") && roles.open(&has("all"), "CheckDataQuality"));
        assert!(!roles.open(&has("boards"), "CheckDataQuality") && !roles.open(&has("none"), "QueryKpis"));
        assert!(!roles.open(&[], "QueryKpis") && !roles.open(&has("*"), "QueryKpis"));
        assert!(roles.open(&[has("none"), has("boards")].concat(), "ListKpis"));
        assert_eq!(roles.unknown([has("bords"), has("all")].concat().iter()), ["bords"]);
    }

    #[test]
    fn without_roles_everything_is_open() {
        let roles = roles(&[]).unwrap();
        assert!(roles.open(&[], "QueryKpis"));
        assert!(roles.unknown(has("any").iter()).is_empty());
    }

    #[test]
    fn every_unknown_rpc_is_told_with_the_nearest() {
        let error = roles(&[("a", &["QueryKpi", "ListKpis"]), ("b", &["%"])]).unwrap_err().to_string();
        assert!(error.starts_with("auth.roles: "), "{error}");
        assert!(error.contains(r#""a" opens "QueryKpi", which is not an RPC: did you mean "QueryKpis"?"#), "{error}");
        assert!(
            error.contains(r#""b" opens "%", which is not an RPC: use "*" for all, or some of ListKpis"#),
            "{error}"
        );
    }
}
