use crate::proto::kpi_service_server::SERVICE_NAME;

/// The RPCs of our service, and whether their answers are streams.
const RPCS: [(&str, bool); 7] = [
    ("ListKpis", false),
    ("ListDimensionValues", false),
    ("QueryKpis", false),
    ("BatchQueryKpis", false),
    ("StreamRepBreakdown", true),
    ("GetDataVersion", false),
    ("CheckDataQuality", true),
];

/// Those of the services beside it.
const OTHERS: [(&str, bool); 4] = [("Check", false), ("List", false), ("Watch", true), ("ServerReflectionInfo", true)];

/// A name that nobody serves: not told apart, as callers could make up any number.
const UNKNOWN: &str = "unknown";

/// A call's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rpc {
    /// With its package.
    pub service: &'static str,
    /// Within the service.
    pub method: &'static str,
    /// Its answer is a stream.
    pub streams: bool,
}

impl Rpc {
    /// Of a path such as `/crm.kpi.v1.KpiService/QueryKpis`.
    pub fn of(path: &str) -> Self {
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        let (service, rpcs): (&str, &[(&str, bool)]) = match service {
            SERVICE_NAME => (SERVICE_NAME, &RPCS),
            "grpc.health.v1.Health" => ("grpc.health.v1.Health", &OTHERS),
            "grpc.reflection.v1.ServerReflection" => ("grpc.reflection.v1.ServerReflection", &OTHERS),
            "grpc.reflection.v1alpha.ServerReflection" => ("grpc.reflection.v1alpha.ServerReflection", &OTHERS),
            _ => (UNKNOWN, &[]),
        };
        let (method, streams) = rpcs.iter().find(|(name, _)| *name == method).copied().unwrap_or((UNKNOWN, false));
        Self { service, method, streams }
    }

    /// The names of our service's RPCs.
    pub fn own() -> impl Iterator<Item = &'static str> + Clone {
        Self::all_own().map(|rpc| rpc.method)
    }

    /// Our service's RPCs.
    pub fn all_own() -> impl Iterator<Item = Self> + Clone {
        RPCS.iter().map(|&(method, streams)| Self { service: SERVICE_NAME, method, streams })
    }

    /// The place among our service's RPCs, if it is one of them.
    pub fn place(&self) -> Option<usize> {
        Self::all_own().position(|own| own == *self)
    }

    /// Whether it is of our service.
    pub fn is_own(&self) -> bool {
        self.service == SERVICE_NAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::FILE_DESCRIPTOR_SET;
    use prost::Message;

    #[test]
    fn what_streams_is_what_the_contract_says() {
        let files = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
        let methods: Vec<_> =
            files.file.iter().flat_map(|file| &file.service).flat_map(|service| &service.method).collect();
        assert_eq!(methods.len(), RPCS.len());
        for method in methods {
            let rpc = Rpc::of(&format!("/{SERVICE_NAME}/{}", method.name()));
            assert_eq!((rpc.service, rpc.method), (SERVICE_NAME, method.name()));
            assert_eq!(rpc.streams, method.server_streaming(), "{}", method.name());
            assert_eq!(rpc.place().and_then(|place| Rpc::all_own().nth(place)), Some(rpc));
        }
    }

    #[test]
    fn names_that_callers_make_up_are_all_the_same() {
        let paths = ["", "/", "/x", "/x/y", "QueryKpis", "/crm.kpi.v1.KpiService", "/crm.kpi.v1.KpiService/NoSuch"];
        for path in paths.into_iter().chain(["/crm.kpi.v1.KpiServiceX/QueryKpis"]) {
            assert_eq!((Rpc::of(path).method, Rpc::of(path).place()), (UNKNOWN, None), "{path}");
        }
        assert_eq!(Rpc::of("/crm.kpi.v1.KpiService/QueryKpis").method, "QueryKpis");
    }
}
