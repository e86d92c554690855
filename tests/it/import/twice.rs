//! Importing again: what is replaced, what stays, what goes.

use super::{Case, DEALS, REPS_CSV, at, everything};
use crate::support::{Kind, on_every_database};
use crm_kpi::crm;
use crm_kpi::crm::orders::Kind as OrderKind;
use sea_orm::EntityTrait;

on_every_database!(
    rows_that_the_files_no_longer_have_stay_or_go,
    what_is_derived_follows_the_files,
    names_are_looked_up_in_the_database_too,
);

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
