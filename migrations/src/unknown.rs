use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseConnection;
use std::collections::BTreeSet;

/// The names of migrations that a database has and this program does not know, in their order: a newer program applied them.
pub async fn unknown_migrations<M: MigratorTrait>(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if !SchemaManager::new(connection).has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let known: BTreeSet<String> = M::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let applied = M::get_migration_models(connection).await?;
    Ok(applied.into_iter().map(|migration| migration.version).filter(|name| !known.contains(name)).collect())
}
