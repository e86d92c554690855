use crate::config::Access;

/// Who may make a call, by its path ("/package.Service/Rpc"): health and reflection have their own settings, everything else
/// is the service.
pub fn access(path: &str, health: Access, reflection: Access) -> Access {
    if path.starts_with("/grpc.health.v1.") {
        health
    } else if path.starts_with("/grpc.reflection.") {
        reflection
    } else {
        Access::Authenticated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_health_and_reflection_may_be_open() {
        let of = |path| access(path, Access::Open, Access::Off);
        assert_eq!(of("/grpc.health.v1.Health/Check"), Access::Open);
        assert_eq!(of("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"), Access::Off);
        assert_eq!(of("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"), Access::Off);
        let others =
            ["/crm.kpi.v1.KpiService/QueryKpis", "/x/grpc.health.v1.Health/Check", "//grpc.health.v1.", "/", "", "*"];
        for path in others {
            assert_eq!(of(path), Access::Authenticated, "{path}");
        }
    }
}
