//! Rows that the files say are deleted, or a part of another one.

use super::{Case, complaints, deals, orders};
use crate::support::{Kind, on_every_database};
use crm_kpi::crm::{accounts, customer_tenures, opportunity_stages};
use sea_orm::EntityTrait;

on_every_database!(
    deleted_rows_go_with_their_children,
    rows_that_are_merged_become_their_master,
    a_file_may_list_what_is_gone,
);

const DEALS: &str = r#"
[defaults]
currency = "EUR"
[derive]
orders = true
stage_history = true
[[opportunities]]
file = "deals.csv"
delete_when = [{ column = "IsDeleted", any_of = ["1", "true"] }]
[opportunities.columns]
id = "Id"
status = "Status"
stage_id = { text = "s" }
amount = "Amount"
closed_at = "Closed"
"#;

async fn deleted_rows_go_with_their_children(kind: Kind) {
    let header = "Id,IsDeleted,Status,Amount,Closed\n";
    let file = format!("{header}a,,won,1,2024-01-01\nb,,won,2,2024-01-02\nc,0,open,3,\n");
    let case = Case::new(kind, DEALS, &[("deals.csv", &file)]).await;
    case.import().await.unwrap();
    assert_eq!((deals(&case).await.len(), orders(&case).await.len()), (3, 2));

    case.write("deals.csv", format!("{header}a,1,won,1,2024-01-01\nx,true,nonsense,much,\n"));
    let summary = case.import().await.unwrap();
    assert_eq!(summary.notes, ["opportunities: 2 are gone by the files, of which 1 were stored"]);
    let left: Vec<_> = deals(&case).await.into_iter().map(|deal| deal.id).collect();
    assert_eq!(left, ["b", "c"]);
    assert_eq!(
        orders(&case).await.into_iter().map(|order| order.id).collect::<Vec<_>>(),
        ["b"],
        "the order made of it"
    );
    let mut stays: Vec<_> = opportunity_stages::Entity::find().all(case.db()).await.unwrap();
    stays.sort_by(|one, next| one.opportunity_id.cmp(&next.opportunity_id));
    assert_eq!(stays.iter().map(|stay| stay.opportunity_id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    case.import().await.unwrap();
    assert_eq!(deals(&case).await.len(), 2, "again");

    case.write("deals.csv", format!("{header},1,won,1,2024-01-01\n"));
    assert_eq!(complaints(&case).await, [r#"deals.csv:2: column "Id", value "": opportunities.id must be set"#]);
    let rates = "[[exchange_rates]]\nfile = \"deals.csv\"\ndelete_when = [{ column = \"Id\", empty = true }]\n\
                 columns = { currency = \"Id\", quote_currency = \"Id\", valid_from = \"Closed\", rate = \"Amount\" }\n";
    case.write("mapping.toml", rates);
    assert_eq!(
        complaints(&case).await,
        ["exchange_rates[1]: only rows with a key of their own, an id, can be deleted or merged"]
    );
}

async fn rows_that_are_merged_become_their_master(kind: Kind) {
    let mapping = r#"
[[accounts]]
file = "accounts.csv"
merged_into = "Master"
columns = { id = "Id", name = "Name" }
[[opportunities]]
file = "deals.csv"
columns = { id = "Id", status = { text = "open" }, account_id = "Account" }
[[orders]]
file = "orders.csv"
[orders.columns]
id = "Id"
amount = { text = "1" }
currency = { text = "EUR" }
ordered_at = { text = "2024-01-01" }
account_id = { column = "Account", lookup = "accounts", lookup_by = "id" }
[[customer_tenures]]
file = "tenures.csv"
columns = { account_id = "Account", started_at = "Day" }
"#;
    let files = [
        ("accounts.csv", "Id,Name,Master\na,Alpha,\nb,Beta,\nc,Gamma,\n"),
        ("deals.csv", "Id,Account\n1,a\n2,b\n3,c\n"),
        ("orders.csv", "Id,Account\n1,a\n2,b\n"),
        ("tenures.csv", "Account,Day\na,2024-01-01\nb,2024-01-01\n"),
    ];
    let case = Case::new(kind, mapping, &files).await;
    case.import().await.unwrap();
    // Alpha has become a part of Beta, and that of Gamma; deals and orders of before refer to them.
    case.write("accounts.csv", "Id,Name,Master\na,Alpha,b\nb,Beta,c\nc,Gamma,\n");
    case.write("deals.csv", "Id,Account\n4,a\n");
    case.write("orders.csv", "Id,Account\n3,b\n");
    case.write("tenures.csv", "Account,Day\n");
    case.import().await.unwrap();
    let left = accounts::Entity::find().all(case.db()).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["c"]);
    let of = |account: Option<String>| account.unwrap();
    let of_deals: String = deals(&case).await.into_iter().map(|deal| of(deal.account_id)).collect();
    let of_orders: String = orders(&case).await.into_iter().map(|order| of(order.account_id)).collect();
    assert_eq!((of_deals.as_str(), of_orders.as_str()), ("cccc", "ccc"));
    assert_eq!(customer_tenures::Entity::find().all(case.db()).await.unwrap(), [], "children go with their row");
}

/// A list of merged deals beside a file that still has some of them.
async fn a_file_may_list_what_is_gone(kind: Kind) {
    let mapping = r#"
[[opportunities]]
file = "deals.csv"
columns = { id = "Id", status = { text = "open" } }
[[opportunities]]
file = "merged.csv"
merged_into = "Into"
columns = { id = "Id", status = { text = "open" } }
[[proposals]]
file = "quotes.csv"
columns = { opportunity_id = { column = "Deal", lookup = "opportunities", lookup_by = "id" }, sent_at = "Day" }
"#;
    let files = [
        ("deals.csv", "Id\n1\n2\n3\n"),
        ("merged.csv", "Id,Into\n2,1\n9,1\n"),
        ("quotes.csv", "Deal,Day\n2,2024-01-02\n1,2024-01-01\n9,2024-01-03\n"),
    ];
    let case = Case::new(kind, mapping, &files).await;
    for _ in 0..2 {
        case.import().await.unwrap();
        assert_eq!(deals(&case).await.into_iter().map(|deal| deal.id).collect::<String>(), "13");
        let quotes = crm_kpi::crm::proposals::Entity::find().all(case.db()).await.unwrap();
        let mut quotes: Vec<_> = quotes
            .iter()
            .map(|row| (row.opportunity_id.as_str(), row.number, row.sent_at.format("%d").to_string()))
            .collect();
        quotes.sort();
        assert_eq!(quotes, [("1", 1, "01".into()), ("1", 2, "02".into()), ("1", 3, "03".into())]);
    }
}
