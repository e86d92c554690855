//! Imports of CSV files as mappings describe them.

use crate::support::{Kind, TestDatabase, on_every_database};
use chrono::{DateTime, Utc};
use crm_kpi::crm;
use crm_kpi::crm::opportunities::Status;
use crm_kpi::crm::opportunity_stages::Outcome;
use crm_kpi::crm::orders::Kind as OrderKind;
use crm_kpi::import::{ImportError, Options, Progress, Summary, Table, import};
use sea_orm::{DatabaseConnection, EntityTrait};
use std::path::Path;

/// All rows of all tables, in the order of their keys.
pub async fn everything(db: &DatabaseConnection) -> Vec<String> {
    let mut rows = Vec::new();
    macro_rules! read {
        ($($table:ident),+) => {$(
            for row in crm::$table::Entity::find().all(db).await.unwrap() {
                rows.push(format!("{} {row:?}", stringify!($table)));
            }
        )+};
    }
    read!(
        teams,
        reps,
        accounts,
        sources,
        products,
        stages,
        opportunities,
        opportunity_stages,
        proposals,
        orders,
        customer_tenures
    );
    rows.sort();
    rows
}

on_every_database!(
    the_sample_uses_every_part_of_the_language,
    importing_the_sample_twice_is_importing_it_once,
    a_bad_row_keeps_everything_out,
    a_lenient_import_loads_the_good_rows,
    rows_that_the_files_no_longer_have_stay_or_go,
    what_is_derived_follows_the_files,
    names_are_looked_up_in_the_database_too,
);

/// A folder of files and a mapping, and a database to import them into.
struct Case {
    database: TestDatabase,
    folder: tempfile::TempDir,
    lenient: bool,
    shown_problems: usize,
}

impl Case {
    async fn new(kind: Kind, mapping: &str, files: &[(&str, &str)]) -> Self {
        let database = TestDatabase::empty(kind).await;
        let folder = tempfile::tempdir().unwrap();
        let case = Self { database, folder, lenient: false, shown_problems: 100 };
        case.write("mapping.toml", mapping);
        for (name, text) in files {
            case.write(name, text);
        }
        case
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    async fn import(&self) -> Result<Summary, ImportError> {
        let options = Options {
            mapping: self.folder.path().join("mapping.toml"),
            folder: self.folder.path().to_owned(),
            lenient: self.lenient,
            shown_problems: self.shown_problems,
            progress: Progress::Silent,
        };
        import(&self.database.connection, &options).await
    }

    fn db(&self) -> &DatabaseConnection {
        &self.database.connection
    }
}

fn sample() -> Options {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/import");
    Options {
        mapping: examples.join("salesforce.toml"),
        folder: examples.join("sample"),
        lenient: false,
        shown_problems: 100,
        progress: Progress::Silent,
    }
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

async fn the_sample_uses_every_part_of_the_language(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let summary = import(db, &sample()).await.unwrap();
    assert_eq!(summary.notes, ["1 won deals have no amount: no orders were made of them"]);

    let rep = crm::reps::Entity::find_by_id("0055g0003").one(db).await.unwrap().unwrap();
    assert_eq!(
        (rep.name.as_str(), rep.team_id.as_deref()),
        ("Luz de la Cruz", Some("americas-sales")),
        "BOM, CRLF, quotes"
    );
    let team = crm::teams::Entity::find_by_id("emea-sales").one(db).await.unwrap().unwrap();
    assert_eq!(team.parent_id.as_deref(), Some("worldwide-sales"), "a parent that comes later in the file");

    let account = crm::accounts::Entity::find_by_id("0015g000A").one(db).await.unwrap().unwrap();
    assert_eq!(account.name, "Nordwind, GmbH");
    assert_eq!((account.segment.as_deref(), account.region.as_deref()), (Some("enterprise"), Some("EMEA")));
    let account = crm::accounts::Entity::find_by_id("0015g000D").one(db).await.unwrap().unwrap();
    assert_eq!((account.segment, account.region, account.industry.as_deref()), (None, None, Some("Unknown")));
    assert_eq!(account.customer_since, at("2023-05-31T22:00:00Z"), "the first of two tenures, in Berlin");

    let sources = crm::sources::Entity::find().all(db).await.unwrap();
    let sources: Vec<_> = sources.iter().map(|row| (row.id.as_str(), row.kind.as_deref())).collect();
    assert_eq!(sources.len(), 3);
    assert!(sources.contains(&("partner-referral", Some("sales"))) && sources.contains(&("web", Some("marketing"))));

    let product = crm::products::Entity::find_by_id("PL-1").one(db).await.unwrap().unwrap();
    assert_eq!((product.list_price_minor, product.currency.as_deref()), (Some(123_450), Some("EUR")));
    let stages = crm::stages::Entity::find().all(db).await.unwrap();
    assert_eq!(stages.len(), 3, "the closed ones are left out");
    assert!(stages.iter().any(|stage| (stage.probability_bp, stage.expected_days) == (7550, None)));

    check_sample_deals(db).await;
    check_sample_children(db).await;
    check_sample_orders(db).await;
}

async fn check_sample_deals(db: &DatabaseConnection) {
    let deal = async |id: &str| crm::opportunities::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
    let won = deal("0065g01").await;
    assert_eq!((won.status, won.stage_id.as_deref()), (Status::Won, Some("proposal")), "the stage of its last stay");
    assert_eq!(
        (won.amount_minor, won.monthly_amount_minor),
        (Some(1_240_050), Some(103_338)),
        "rounded where asked for"
    );
    assert_eq!(won.created_at, at("2023-01-16T08:05:00Z"), "09:05 in Berlin");
    assert_eq!((won.first_contact_at, won.closed_at), (at("2023-01-19T23:00:00Z"), at("2023-01-31T23:00:00Z")));
    let won = deal("0065g02").await;
    assert_eq!((won.amount_minor, won.first_contact_at), (Some(123_450), won.created_at), "the second column");
    let lost = deal("0065g03").await;
    assert_eq!((lost.product_id, lost.loss_reason.as_deref()), (None, Some("Price too high")), "an unknown product");
    assert_eq!(deal("0065g04").await.name.as_deref(), Some("Dunmore \"back office\""));
    let open = deal("0065g05").await;
    assert_eq!((open.status, open.closed_at, open.source_id), (Status::Open, None, None), "expected, not closed");
    let open = deal("0065g06").await;
    assert_eq!((open.rep_id, open.account_id, open.amount_minor), (None, None, None));
    assert_eq!(open.currency.as_deref(), Some("USD"), "the default");
    assert_eq!(deal("0065g07").await.rep_id.as_deref(), Some("former"));
}

async fn check_sample_children(db: &DatabaseConnection) {
    let stays = crm::opportunity_stages::Entity::find().all(db).await.unwrap();
    let history = |id: &str| {
        let mut stays: Vec<_> = stays.iter().filter(|stay| stay.opportunity_id == id).collect();
        stays.sort_by_key(|stay| stay.number);
        let stays = stays.into_iter().map(|stay| (stay.stage_id.as_deref().unwrap(), stay.left_at, stay.outcome));
        stays.collect::<Vec<_>>()
    };
    let proposal = ("proposal", at("2023-01-31T23:00:00Z"), Some(Outcome::Won));
    assert_eq!(history("0065g01"), [("qualification", at("2023-01-23T13:30:00Z"), Some(Outcome::Advanced)), proposal]);
    assert_eq!(
        history("0065g03"),
        [
            ("qualification", at("2023-04-03T09:00:00Z"), Some(Outcome::Advanced)),
            ("negotiation", at("2023-05-02T09:00:00Z"), Some(Outcome::Returned)),
            ("proposal", at("2023-05-29T22:00:00Z"), Some(Outcome::Lost)),
        ],
        "two lines in the same stage are one stay"
    );
    assert_eq!(history("0065g05").last(), Some(&("negotiation", None, None)));
    assert_eq!(history("0065g06"), [("qualification", None, None)], "derived");
    assert_eq!(history("0065g02"), [], "no stage is known");
    assert!(
        stays
            .iter()
            .filter(|stay| stay.opportunity_id == "0065g03")
            .all(|stay| stay.rep_id.as_deref() == Some("0055g0003"))
    );

    let mut proposals = crm::proposals::Entity::find().all(db).await.unwrap();
    proposals.sort_by_key(|proposal| (proposal.opportunity_id.clone(), proposal.number));
    let proposals: Vec<_> =
        proposals.iter().map(|row| (row.opportunity_id.as_str(), row.number, row.rep_id.as_deref())).collect();
    let jonas = Some("0055g0002");
    assert_eq!(proposals, [("0065g01", 1, Some("0055g0001")), ("0065g05", 1, jonas), ("0065g05", 2, jonas)]);

    let mut tenures = crm::customer_tenures::Entity::find().all(db).await.unwrap();
    tenures.sort_by_key(|tenure| (tenure.account_id.clone(), tenure.number));
    let tenures: Vec<_> =
        tenures.iter().map(|row| (row.account_id.as_str(), row.number, row.end_reason.as_deref())).collect();
    assert_eq!(
        tenures,
        [
            ("0015g000A", 1, None),
            ("0015g000B", 1, Some("Price")),
            ("0015g000D", 1, Some("Moved to a competitor")),
            ("0015g000D", 2, None),
        ]
    );
}

async fn check_sample_orders(db: &DatabaseConnection) {
    let mut orders = crm::orders::Entity::find().all(db).await.unwrap();
    orders.sort_by(|one, next| one.id.cmp(&next.id));
    let shown = orders.iter().map(|row| {
        (
            row.id.as_str(),
            row.kind,
            row.amount_minor,
            row.currency.as_str(),
            row.customer_order_number,
            row.by_subscriber,
        )
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            ("0065g01", None, 1_240_050, "EUR", Some(1), true),
            ("0065g04", None, 200_000, "USD", Some(1), false),
            ("2023-0001", Some(OrderKind::New), 123_450, "USD", Some(1), false),
            ("2023-0002", Some(OrderKind::Renewal), 1_240_050, "EUR", Some(4), true),
            ("2023-0003", Some(OrderKind::CrossSell), 80_000, "EUR", Some(2), true),
            ("2023-0004", None, -10_000, "USD", Some(2), false),
            ("2023-0005", None, 0, "EUR", Some(3), false),
        ],
        "0065g02 is named by 2023-0001, 0065g07 has no amount"
    );
    assert_eq!(orders[2].ordered_at, at("2023-03-15T00:00:00Z").unwrap(), "a time zone of its own");
}

async fn importing_the_sample_twice_is_importing_it_once(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let first = import(db, &sample()).await.unwrap();
    let before = everything(db).await;
    assert_eq!(import(db, &sample()).await.unwrap(), first);
    assert_eq!(everything(db).await, before);
}

const DEALS: &str = r#"
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

const REPS_CSV: &str = "id,name\n1,Ann\n2,Bob\n";

const BAD_DEALS: &str = "\
id,owner,status,amount,created,closed\n\
a,Ann,won,10.50,2023-01-01,2023-02-01\n\
b,Anne,won,1.005,2023-02-30,2023-02-01\n\
,Ann,open,1,2023-01-01,\n\
a,Bob,open,2,2023-01-01,\n\
c,Bob,won,\"1,00\",2023-01-01,2023-03-01\n\
d,Bob,maybe,1,2023-01-01,\n\
e,Bob,lost,1,2023-01-01,\n\
\n\
f,Bob,open,1,2023-01-01\n\
g,\"Bob\",\"open\",\"1,000\",2023-01-01,2023-12-31\n\
h,Bob,open,99999999999999999999,0203-01-01,\n";

const PROBLEMS: &[&str] = &[
    r#"deals.csv:10: 5 fields, but the header has 6"#,
    r#"deals.csv:3: column "owner", value "Anne": no row of reps has this name; the nearest is "Ann""#,
    r#"deals.csv:3: column "amount", value "1.005": amount: too many decimals: USD has 2"#,
    r#"deals.csv:3: column "created", value "2023-02-30": created_at: not a date in the format iso"#,
    r#"deals.csv:4: column "id", value "": opportunities.id must be set"#,
    r#"deals.csv:5: column "id", value "a": the id of this row is that of deals.csv:2 already"#,
    r#"deals.csv:6: column "amount", value "1,00": amount: not a number: write it like 1,234.50"#,
    r#"deals.csv:7: column "status", value "maybe": status: must be one of open, won, lost: the mapping can say which with `replace`"#,
    r#"deals.csv:8: column "closed", value "": a deal that is lost needs closed_at"#,
    r#"deals.csv:12: column "amount", value "99999999999999999999": amount: the amount is too large"#,
    r#"deals.csv:12: column "created", value "0203-01-01": created_at: the year 203 is not between 1900 and 2200"#,
];

fn shown(bad: &crm_kpi::import::BadRows) -> Vec<String> {
    bad.shown.iter().map(ToString::to_string).collect()
}

async fn a_bad_row_keeps_everything_out(kind: Kind) {
    let mut case = Case::new(kind, DEALS, &[("reps.csv", REPS_CSV), ("deals.csv", BAD_DEALS)]).await;
    let error = case.import().await.unwrap_err();
    let ImportError::BadRows(bad) = &error else { panic!("{error}") };
    assert_eq!(shown(bad), PROBLEMS);
    assert_eq!((bad.rows, bad.problems), (8, 11));
    assert!(everything(case.db()).await.is_empty());

    case.shown_problems = 2;
    let text = case.import().await.unwrap_err().to_string();
    assert!(text.contains("\n… and 9 more\nbad rows: 8\nnothing was loaded"), "{text}");

    case.write("reps.csv", b"id,name\n1,Ann\n2,\xFFBob\n3,\n");
    let error = case.import().await.unwrap_err().to_string();
    assert!(error.starts_with("reps.csv:3: column \"name\", value \"\u{fffd}Bob\": not UTF-8"), "{error}");
}

async fn a_lenient_import_loads_the_good_rows(kind: Kind) {
    let mut case = Case::new(kind, DEALS, &[("reps.csv", REPS_CSV), ("deals.csv", BAD_DEALS)]).await;
    case.lenient = true;
    let summary = case.import().await.unwrap();
    assert_eq!(shown(&summary.bad), PROBLEMS);
    assert_eq!(summary.tables, [(Table::Reps, 2), (Table::Opportunities, 2)]);
    let deals = crm::opportunities::Entity::find().all(case.db()).await.unwrap();
    let mut deals: Vec<_> = deals.iter().map(|deal| (deal.id.as_str(), deal.amount_minor, deal.closed_at)).collect();
    deals.sort();
    assert_eq!(deals, [("a", Some(1050), at("2023-02-01T00:00:00Z")), ("g", Some(100_000), None)]);

    case.write("reps.csv", "id,name\n1,Ann\n,Bob\n");
    case.write("deals.csv", "id,owner,status,amount,created,closed\na,Bob,open,,,\n");
    let problems = shown(&case.import().await.unwrap().bad);
    assert_eq!(
        problems,
        [r#"reps.csv:3: column "id", value "": reps.id must be set"#.to_owned(),],
        "Bob is in the database"
    );
}

async fn rows_that_the_files_no_longer_have_stay_or_go(kind: Kind) {
    let files = [
        ("reps.csv", REPS_CSV),
        ("deals.csv", "id,owner,status,amount,created,closed\na,Ann,open,,,\nb,Ann,won,5,,2023-01-01\n"),
    ];
    let keep = format!("{DEALS}\n[derive]\norders = true\nstage_history = true\n")
        .replace("amount = \"amount\"", "amount = \"amount\"\nstage_id = { text = \"one\" }");
    let case = Case::new(kind, &keep, &files).await;
    case.import().await.unwrap();
    let all = everything(case.db()).await;
    case.write("deals.csv", "id,owner,status,amount,created,closed\na,Ann,open,,,\n");
    case.import().await.unwrap();
    assert_eq!(everything(case.db()).await, all, "b stays");

    case.write("mapping.toml", keep.replace("file = \"deals.csv\"", "file = \"deals.csv\"\nmissing = \"delete\""));
    case.import().await.unwrap();
    let left = everything(case.db()).await;
    assert_eq!(left.len(), all.len() - 3, "the deal, its stay and its order are gone: {left:?}");
}

async fn what_is_derived_follows_the_files(kind: Kind) {
    let mapping = r#"
[defaults]
currency = "USD"
[derive]
orders = true
order_kinds = true
customer_tenures = true
[[accounts]]
rows = [{ id = "x", name = "X" }, { id = "y", name = "Y" }]
[[opportunities]]
file = "deals.csv"
[opportunities.columns]
id = "id"
account_id = "account"
product_id = "product"
status = "status"
amount = "amount"
closed_at = "closed"
"#;
    let header = "id,account,product,status,amount,closed";
    let first = format!(
        "{header}\na,x,p,won,1,2023-03-01\nb,x,p,won,1,2023-04-01\nc,y,p,won,1,2023-05-01\nd,x,q,won,2,2023-04-01\n"
    );
    let case = Case::new(kind, mapping, &[("deals.csv", &first)]).await;
    case.import().await.unwrap();
    let orders = async || {
        let mut orders = crm::orders::Entity::find().all(case.db()).await.unwrap();
        orders.sort_by(|one, next| one.id.cmp(&next.id));
        orders
            .into_iter()
            .map(|order| (order.id, order.customer_order_number.unwrap(), order.kind.unwrap()))
            .collect::<Vec<_>>()
    };
    let order = |id: &str, number: i32, kind: OrderKind| (id.to_owned(), number, kind);
    assert_eq!(
        orders().await,
        [
            order("a", 1, OrderKind::New),
            order("b", 2, OrderKind::Repeat),
            order("c", 1, OrderKind::New),
            order("d", 3, OrderKind::CrossSell),
        ]
    );

    case.write("deals.csv", format!("{header}\na,x,p,lost,1,2023-03-01\nc,y,p,open,1,2023-05-01\n"));
    case.import().await.unwrap();
    assert_eq!(orders().await, [order("b", 1, OrderKind::New), order("d", 2, OrderKind::CrossSell)]);
    let tenures = crm::customer_tenures::Entity::find().all(case.db()).await.unwrap();
    assert_eq!(tenures.len(), 1, "y has no order any more");
    assert_eq!(tenures[0].started_at, at("2023-04-01T00:00:00Z").unwrap());
    let since = crm::accounts::Entity::find().all(case.db()).await.unwrap();
    let since: Vec<_> = since.iter().map(|account| (account.id.as_str(), account.customer_since)).collect();
    assert!(since.contains(&("x", at("2023-04-01T00:00:00Z"))) && since.contains(&("y", None)), "{since:?}");
}

async fn names_are_looked_up_in_the_database_too(kind: Kind) {
    let case =
        Case::new(kind, DEALS, &[("reps.csv", REPS_CSV), ("deals.csv", "id,owner,status,amount,created,closed\n")])
            .await;
    case.import().await.unwrap();
    case.write("reps.csv", "id,name\n2,Robert\n3,Ann\n");
    case.write("deals.csv", "id,owner,status,amount,created,closed\na,Ann,open,,,\nb,Robert,open,,,\n");
    case.import().await.unwrap();
    let deals = crm::opportunities::Entity::find().all(case.db()).await.unwrap();
    let owners: Vec<_> = deals.iter().map(|deal| (deal.id.as_str(), deal.rep_id.as_deref())).collect();
    assert!(owners.contains(&("a", Some("3"))), "the Ann of the file, not the stored one: {owners:?}");
    case.write("deals.csv", "id,owner,status,amount,created,closed\nc,Bob,open,,,\n");
    let problems = case.import().await.unwrap_err().to_string();
    assert!(problems.contains("no row of reps has this name"), "Bob is called Robert now: {problems}");
}

/// What is said of a mapping; the database is not reached.
async fn complaint(mapping: &str) -> String {
    let files = [("reps.csv", REPS_CSV), ("deals.csv", BAD_DEALS), ("twice.csv", "id,id\n"), ("empty.csv", "")];
    let case = Case::new(Kind::Sqlite, mapping, &files).await;
    let error = case.import().await.unwrap_err();
    assert!(matches!(error, ImportError::Syntax { .. } | ImportError::Mapping { .. }), "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_bad_mapping_is_reported_with_its_keys() {
    let reps = "[[reps]]\nfile = \"reps.csv\"\n";
    let deals = DEALS.replace("[defaults]\ncurrency = \"USD\"\n", "");
    let mut cases = vec![
        (String::new(), "mapping: fills no table"),
        ("[[rep]]\nfile = \"reps.csv\"".into(), "unknown field `rep`, expected one of"),
        ("[defaults]\ncurency = \"USD\"".into(), "line 2, column 1"),
        ("[[reps]]\nfile = ".into(), "line 2"),
        (format!("{reps}columns = {{ id = 1 }}"), "the name of a column, or a table such as"),
        (format!("{reps}columns = {{ id = {{ colum = \"id\" }} }}"), "unknown field `colum`"),
        (reps.into(), "reps[1]: reps need name: say which column holds it"),
        (
            format!("{reps}columns = {{ id = \"Id\", name = \"name\" }}"),
            "reps[1].columns.id.column: reps.csv has no column \"Id\": did you mean \"id\"?",
        ),
        (
            format!("{reps}columns = {{ id = \"id\", name = \"name\", team = \"id\" }}"),
            "reps[1].columns.team: reps have no field \"team\": did you mean \"team_id\"?",
        ),
        ("[[reps]]\nfile = \"rep.csv\"".into(), "reps[1].file: there is no \"rep.csv\" in"),
        ("[[reps]]\nfile = \"empty.csv\"".into(), "empty.csv is empty"),
        (
            "[[reps]]\nfile = \"twice.csv\"\ncolumns = { id = \"id\", name = \"id\" }".into(),
            "more than one column \"id\"",
        ),
        ("[[reps]]\n".into(), "reps[1]: must have either `file` and `columns`, or `rows`"),
        (
            "[[stages]]\nrows = [{ id = \"a\", name = \"A\", position = 1, probability = 12.5 }]".into(),
            "stages[1].rows[1].probability: write it as a text, in quotes",
        ),
        (deals, "opportunities[1]: the currency of amount is not known"),
        (
            format!("{DEALS}\n[files.\"deal.csv\"]\ndelimiter = \";\""),
            "files.\"deal.csv\": no section reads this file: did you mean \"deals.csv\"?",
        ),
    ];
    let changes = [
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", lookup = \"rep\"",
            "nothing can be looked up in \"rep\": did you mean \"reps\"?",
        ),
        ("\"owner\", lookup = \"reps\"", "\"owner\", unknown = \"unset\"", "`lookup_by` and `unknown` need `lookup`"),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", lookup = \"reps\", slug = true",
            "`slug` and `lookup` cannot be used together",
        ),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", bands = [{ text = \"a\" }, { below = 1, text = \"b\" }]",
            "every band needs a greater `below`",
        ),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", text = \"x\"",
            "opportunities[1].columns.rep_id: must have either `column` or `text`",
        ),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", round = true",
            "opportunities[1].columns.rep_id.round: means nothing for rep_id",
        ),
        (
            "amount = \"amount\"",
            "amount = { column = \"amount\", scale = \"percent\" }",
            "of money is minor, major, thousands or millions",
        ),
        (
            "amount = \"amount\"",
            "amount = { column = \"amount\", slug = true }",
            "`slug` makes a text, but amount is none",
        ),
        ("amount = \"amount\"", "amount = { text = \"{amount\" }", "a { without a }"),
        (
            "amount = \"amount\"",
            "name = { text = \"{amout}\" }",
            "opportunities[1].columns.name.text: deals.csv has no column \"amout\"",
        ),
        (
            "created_at = \"created\"",
            "created_at = { column = \"created\", date_formats = [\"DD.MM.YYYY\"] }",
            "created_at.date_formats: \"DD.MM.YYYY\" is no date format",
        ),
        (
            "created_at = \"created\"",
            "created_at = { column = \"created\", time_zone = \"Europe/Berln\" }",
            "write an IANA name such as \"Europe/Berlin\"",
        ),
        ("currency = \"USD\"", "currency = \"US\"", "defaults.currency: \"US\" is no ISO 4217 code"),
        (
            "currency = \"USD\"",
            "currency = \"USD\"\ndecimal_point = \",\"\ngroup_separator = \",\"",
            "defaults.group_separator: must differ",
        ),
        (
            "[[opportunities]]",
            "[[opportunities]]\nwhen = [{ column = \"state\", any_of = [\"x\"] }]",
            "opportunities[1].when: deals.csv has no column \"state\": did you mean \"status\"?",
        ),
        (
            "[[opportunities]]",
            "[[opportunities]]\nwhen = [{ column = \"status\" }]",
            "a test must have either `any_of` or `none_of`",
        ),
        ("[[reps]]", "[[reps]]\nmissing = \"drop\"", "unknown variant `drop`, expected `keep` or `delete`"),
    ];
    for (from, to, expected) in changes {
        assert!(DEALS.contains(from), "{from}");
        cases.push((DEALS.replace(from, to), expected));
    }
    for (mapping, expected) in cases {
        let said = complaint(&mapping).await;
        assert!(said.contains(expected), "{mapping}\n---\n{said}\n---\nlacks: {expected}");
    }
}

#[tokio::test]
async fn all_problems_of_a_mapping_are_reported_at_once() {
    let said =
        complaint("[[reps]]\nfile = \"rep.csv\"\n[[teams]]\nfile = \"reps.csv\"\ncolumns = { id = \"Id\" }\n").await;
    assert_eq!(said.matches("\n  ").count(), 3, "{said}");
}

#[tokio::test]
async fn rows_that_are_mentioned_twice_must_agree() {
    let mapping = "[[teams]]\nfile = \"teams.csv\"\ndistinct = true\ncolumns = { id = \"id\", name = \"name\" }\n";
    let case = Case::new(Kind::Sqlite, mapping, &[("teams.csv", "id,name\n1,A\n1,A\n,B\n1,C\n")]).await;
    let error = case.import().await.unwrap_err().to_string();
    assert!(
        error.starts_with(
            r#"teams.csv:5: column "id", value "1": the id of this row is that of teams.csv:2, but its name differs"#
        ),
        "{error}"
    );
    assert!(error.contains("bad rows: 1"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let case = Case::new(Kind::Sqlite, DEALS, &[]).await;
    let options = |mapping: &str, folder: &str| Options {
        mapping: case.folder.path().join(mapping),
        folder: case.folder.path().join(folder),
        lenient: false,
        shown_problems: 1,
        progress: Progress::Silent,
    };
    for (mapping, folder, named) in [("none.toml", ".", "none.toml"), ("mapping.toml", "nowhere", "nowhere")] {
        let error = import(case.db(), &options(mapping, folder)).await.unwrap_err();
        assert!(matches!(&error, ImportError::Unreadable { .. }) && error.to_string().contains(named), "{error}");
    }
}
