use sea_orm::DbErr;

/// Why rows cannot be staged.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// The role may make neither temporary tables nor tables in its schema.
    #[error(
        "the role {role} may not make the temporary tables that an import needs: GRANT TEMPORARY ON DATABASE {database} TO {role}"
    )]
    NotAllowed {
        /// The role, quoted where it must be.
        role: String,
        /// The database, quoted where it must be.
        database: String,
    },
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}
