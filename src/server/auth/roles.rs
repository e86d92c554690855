use crate::convert::nearest;
use crate::proto::FILE_DESCRIPTOR_SET;
use crate::proto::kpi_service_server::SERVICE_NAME;
use crate::server::watch::Unusable;
use prost::Message;
use prost_types::FileDescriptorSet;
use std::collections::BTreeMap;

const SETTING: &str = "auth.roles";

/// Opens everything.
const ALL: &str = "*";

/// Which roles open which RPCs.
#[derive(Debug)]
pub(super) struct Roles {
    roles: BTreeMap<String, Vec<String>>,
    rpcs: Vec<String>,
}

impl Roles {
    pub fn new(roles: &BTreeMap<String, Vec<String>>) -> Result<Self, Unusable> {
        let rpcs = rpcs()?;
        let known = |name: &str| name == ALL || rpcs.iter().any(|rpc| rpc == name);
        let mut problems = Vec::new();
        for (role, opens) in roles {
            for name in opens.iter().filter(|name| !known(name)) {
                let hint = match nearest(name, rpcs.iter().map(String::as_str)) {
                    Some(nearest) => format!("did you mean {nearest:?}?"),
                    None => format!("write \"*\" for all, or some of {}", rpcs.join(", ")),
                };
                problems.push(format!("{role:?} opens {name:?}, which is no RPC: {hint}"));
            }
        }
        if problems.is_empty() {
            Ok(Self { roles: roles.clone(), rpcs })
        } else {
            Err(Unusable { setting: SETTING, text: problems.join("; ") })
        }
    }

    /// The RPC of the service that a path calls, if it has that one.
    pub fn rpc<'a>(&'a self, path: &str) -> Option<&'a str> {
        let name = path.strip_prefix('/')?.strip_prefix(SERVICE_NAME)?.strip_prefix('/')?;
        self.rpcs.iter().map(String::as_str).find(|rpc| *rpc == name)
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

/// The names of the service's RPCs, as the contract has them.
fn rpcs() -> Result<Vec<String>, Unusable> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET)
        .map_err(|error| Unusable { setting: SETTING, text: format!("the contract cannot be read: {error}") })?;
    let files = set.file.iter().flat_map(|file| file.service.iter().map(move |service| (file.package(), service)));
    let ours = files.filter(|(package, service)| format!("{package}.{}", service.name()) == SERVICE_NAME);
    Ok(ours.flat_map(|(_, service)| service.method.iter().map(|method| method.name().to_owned())).collect())
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
        assert!(error.contains(r#""a" opens "QueryKpi", which is no RPC: did you mean "QueryKpis"?"#), "{error}");
        assert!(error.contains(r#""b" opens "%", which is no RPC: write "*" for all, or some of ListKpis"#), "{error}");
    }

    #[test]
    fn paths_name_rpcs() {
        let roles = roles(&[]).unwrap();
        assert_eq!(roles.rpc("/crm.kpi.v1.KpiService/QueryKpis"), Some("QueryKpis"));
        for path in ["/crm.kpi.v1.KpiService/Nothing", "/crm.kpi.v1.KpiServiceX/QueryKpis", "QueryKpis", ""] {
            assert_eq!(roles.rpc(path), None, "{path}");
        }
    }
}
