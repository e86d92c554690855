//! Imports of CSV files as mappings describe them.

mod bad_rows;
mod exports;
mod mappings;
mod refunds;
mod sample;
mod shapes;
mod tables;
mod targets;
mod twice;
mod whole;

use crate::support::{Kind, TestDatabase};
use chrono::{DateTime, Utc};
use crm_kpi::crm;
use crm_kpi::import::{ImportError, Options, Summary, import};
use sea_orm::{DatabaseConnection, EntityTrait};

/// All rows of all tables, in the order of their keys.
pub async fn everything(db: &DatabaseConnection) -> Vec<String> {
    let mut rows = Vec::new();
    macro_rules! read {
        ($($table:ident),+ $(,)?) => {$(
            for row in crm::$table::Entity::find().all(db).await.unwrap() {
                rows.push(format!("{} {row:?}", stringify!($table)));
            }
        )+};
    }
    crm::every_table!(read);
    rows.sort();
    rows
}

/// A folder of files and a mapping, and a database to import them into.
pub struct Case {
    pub database: TestDatabase,
    pub folder: tempfile::TempDir,
    pub lenient: bool,
    pub shown_problems: usize,
}

impl Case {
    pub async fn new(kind: Kind, mapping: &str, files: &[(&str, &str)]) -> Self {
        let database = TestDatabase::empty(kind).await;
        let folder = tempfile::tempdir().unwrap();
        let case = Self { database, folder, lenient: false, shown_problems: 100 };
        case.write("mapping.toml", mapping);
        for (name, text) in files {
            case.write(name, text);
        }
        case
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub async fn import(&self) -> Result<Summary, ImportError> {
        let options = Options {
            mapping: Some(self.folder.path().join("mapping.toml")),
            folder: self.folder.path().to_owned(),
            lenient: self.lenient,
            shown_problems: self.shown_problems,
            ..Options::default()
        };
        import(&self.database.connection, &options).await
    }

    pub fn db(&self) -> &DatabaseConnection {
        &self.database.connection
    }
}

pub fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

/// Reps and deals; the deals look up the reps.
pub const DEALS: &str = r#"
[defaults]
currency = "USD"
[[reps]]
file = "reps.csv"
columns = { id = "id", name = "name" }
[[opportunities]]
file = "deals.csv"
[opportunities.columns]
id = "id"
rep_id = { column = "owner", lookup = "reps" }
status = "status"
amount = "amount"
created_at = "created"
closed_at = "closed"
"#;

/// Two reps.
pub const REPS_CSV: &str = "id,name\n1,Ann\n2,Bob\n";
