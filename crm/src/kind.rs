use sea_orm::DbBackend;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of these words.
    Word(Vec<String>),
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInteger,
    /// Yes or no.
    Flag,
    /// A decimal number, as text.
    Decimal,
    /// A calendar day.
    Day,
    /// A point in time.
    Instant,
}

impl Kind {
    /// Its name in one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Word(_) => "word",
            Self::Integer => "integer",
            Self::BigInteger => "bigint",
            Self::Flag => "boolean",
            Self::Decimal => "decimal",
            Self::Day => "day",
            Self::Instant => "instant",
        }
    }

    /// The type of its columns in a database, as that writes it. Text is in byte order besides (`COLLATE "C"` on PostgreSQL).
    pub fn sql_type(&self, backend: DbBackend) -> &'static str {
        match (self, backend) {
            (Self::Integer, _) => "integer",
            (Self::BigInteger, _) => "bigint",
            (Self::Flag, _) => "boolean",
            (Self::Day, DbBackend::Postgres) => "date",
            (Self::Instant, DbBackend::Postgres) => "timestamp with time zone",
            (Self::Text | Self::Word(_) | Self::Decimal | Self::Day | Self::Instant, _) => "text",
        }
    }
}
