//! An import is one thing: all of it or nothing, with what is staged in between.

use super::{Case, everything};
use crate::support::{Kind, on_every_database};
use crm_kpi::import::{Options, import};
use sea_orm::{ConnectionTrait, Statement};

on_every_database!(
    what_the_database_refuses_leaves_everything_as_it_was,
    children_go_with_the_parents_that_are_missing,
    the_numbers_of_orders_are_those_among_all,
);

const ORDERS: &str = r#"
[defaults]
currency = "USD"
[[accounts]]
file = "accounts.csv"
columns = { id = "id", name = "id" }
[[orders]]
file = "orders.csv"
missing = "delete"
columns = { id = "id", account_id = "account", amount = "amount", ordered_at = "day" }
[derive]
order_kinds = true
customer_tenures = true
"#;

async fn run(case: &Case, sql: &str) {
    case.db().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The staging tables left in the database.
async fn staged(case: &Case) -> i64 {
    let sql = match case.database.kind {
        Kind::Postgres => r"SELECT COUNT(*) FROM pg_class WHERE relname LIKE 'crm\_kpi\_import\_%'",
        Kind::Sqlite => "SELECT COUNT(*) FROM sqlite_temp_master",
    };
    let rows = case.db().query_one_raw(Statement::from_string(case.db().get_database_backend(), sql)).await.unwrap();
    rows.unwrap().try_get_by_index(0).unwrap()
}

async fn what_the_database_refuses_leaves_everything_as_it_was(kind: Kind) {
    let files = [
        ("accounts.csv", "id\nx\ny\n"),
        ("orders.csv", "id,account,amount,day\na,x,1,2024-01-01\nb,x,2,2024-01-02\nc,y,3,2024-01-03\n"),
    ];
    let case = Case::new(kind, ORDERS, &files).await;
    case.import().await.unwrap();
    let before = everything(case.db()).await;
    assert_eq!(before.len(), 2 + 3 + 2);
    let (obstacle, away) = match kind {
        Kind::Postgres => (
            "ALTER TABLE orders ADD CONSTRAINT small CHECK (amount_minor < 1000)",
            "ALTER TABLE orders DROP CONSTRAINT small",
        ),
        Kind::Sqlite => (
            "CREATE TRIGGER small BEFORE INSERT ON orders WHEN NEW.amount_minor >= 1000 \
             BEGIN SELECT RAISE(ABORT, 'too much'); END",
            "DROP TRIGGER small",
        ),
    };
    run(&case, obstacle).await;
    case.write("accounts.csv", "id\nx\ny\nz\n");
    case.write("orders.csv", "id,account,amount,day\na,z,100,2024-01-01\nd,z,5,2023-01-01\n");
    let error = case.import().await.unwrap_err().to_string();
    assert!(error.starts_with("the database refused the import"), "{error}");
    assert_eq!(everything(case.db()).await, before);
    assert_eq!(staged(&case).await, 0);
    run(&case, away).await;
    case.import().await.unwrap();
    assert_eq!(everything(case.db()).await.len(), 3 + 2 + 1, "one customer with two orders");
    assert_eq!(staged(&case).await, 0);
}

async fn children_go_with_the_parents_that_are_missing(kind: Kind) {
    let mapping = r#"
[[leads]]
file = "leads.csv"
missing = "delete"
columns = { id = "id", status = "status", created_at = "day" }
[[lead_stages]]
file = "history.csv"
columns = { lead_id = "lead", status = "status", entered_at = "day" }
"#;
    let files = [
        ("leads.csv", "id,status,day\na,new,2024-01-01\nb,new,2024-01-01\n"),
        ("history.csv", "lead,status,day\na,new,2024-01-01\nb,new,2024-01-01\nother,new,2024-01-01\n"),
    ];
    let case = Case::new(kind, mapping, &files).await;
    case.import().await.unwrap();
    case.write("leads.csv", "id,status,day\nb,new,2024-01-01\n");
    case.write("history.csv", "lead,status,day\n");
    case.import().await.unwrap();
    let left = everything(case.db()).await;
    assert_eq!(left.len(), 3, "b, its stay, and that of a lead that was never there: {left:?}");
    assert!(left.iter().all(|row| !row.contains("\"a\"")), "{left:?}");
}

async fn the_numbers_of_orders_are_those_among_all(kind: Kind) {
    let keep = ORDERS.replace("missing = \"delete\"\n", "");
    let files = [
        ("accounts.csv", "id\nx\n"),
        ("orders.csv", "id,account,amount,day\nb,x,1,2024-02-01\nd,x,1,2024-04-01\nn,,1,2024-01-01\n"),
    ];
    let case = Case::new(kind, &keep, &files).await;
    case.import().await.unwrap();
    case.write("orders.csv", "id,account,amount,day\na,x,1,2024-01-01\nc,x,1,2024-03-01\n");
    case.import().await.unwrap();
    let sql = "SELECT id || ' ' || COALESCE(CAST(customer_order_number AS text), '-') || ' ' || COALESCE(kind, '-') \
               FROM orders ORDER BY id";
    let rows = case.db().query_all_raw(Statement::from_string(case.db().get_database_backend(), sql)).await.unwrap();
    let numbers: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(numbers, ["a 1 new", "b 2 -", "c 3 -", "d 4 -", "n - -"], "without products there are no other kinds");
}

/// A view in place of a table is written through where the database can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_in_place_of_tables_are_written_through() {
    let files = [("accounts.csv", "id\nx\n"), ("orders.csv", "id,account,amount,day\na,x,1,2024-01-01\n")];
    let case = Case::new(Kind::Postgres, ORDERS, &files).await;
    case.import().await.unwrap();
    run(&case, "ALTER TABLE orders RENAME TO own_orders").await;
    run(&case, "CREATE VIEW orders AS SELECT * FROM own_orders").await;
    case.write("orders.csv", "id,account,amount,day\nb,x,1,2024-01-01\nc,x,2,2024-01-02\n");
    case.import().await.unwrap();
    let sql = "SELECT id || ' ' || customer_order_number FROM own_orders ORDER BY id";
    let rows = case.db().query_all_raw(Statement::from_string(case.db().get_database_backend(), sql)).await.unwrap();
    let rows: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(rows, ["b 1", "c 2"]);
}

/// Who may not make temporary tables makes ordinary ones; who may make neither is told what to grant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_that_may_not_make_temporary_tables() {
    let case =
        Case::new(Kind::Postgres, ORDERS, &[("accounts.csv", "id\nx\n"), ("orders.csv", "id,account,amount,day\n")])
            .await;
    case.import().await.unwrap();
    let (_, name) = case.database.url.rsplit_once('/').unwrap();
    let role = format!("importer_{name}");
    run(&case, &format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'")).await;
    run(&case, &format!("REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")).await;
    run(&case, &format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")).await;
    let (_, place) = case.database.url.split_once('@').unwrap();
    let url = format!("postgres://{role}:{role}@{place}").parse().unwrap();
    let limited = crm_kpi::database::connect(&url).await.unwrap();
    let options = Options {
        folder: case.folder.path().to_owned(),
        mapping: Some(case.folder.path().join("mapping.toml")),
        ..Options::default()
    };
    case.write("orders.csv", "id,account,amount,day\na,x,1,2024-01-01\n");
    let error = import(&limited, &options).await.unwrap_err().to_string();
    let expected = format!(
        "nothing was loaded: the role {role} may not make the temporary tables that an import needs: \
         GRANT TEMPORARY ON DATABASE {name} TO {role}"
    );
    assert_eq!(error, expected);
    run(&case, &format!("GRANT CREATE ON SCHEMA public TO {role}")).await;
    let summary = import(&limited, &options).await.unwrap();
    assert_eq!(summary.rows("orders"), 1);
    assert_eq!(staged(&case).await, 0);
    limited.close().await.unwrap();
    run(&case, &format!("DROP OWNED BY {role}")).await;
    run(&case, &format!("DROP ROLE {role}")).await;
}
