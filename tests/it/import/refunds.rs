//! Refunds in files: they are no orders, whatever is derived.

use super::Case;
use crate::support::{Kind, on_every_database};
use crm_kpi::crm;
use sea_orm::EntityTrait;

on_every_database!(refunds_are_not_numbered_and_take_no_place_of_an_order);

async fn refunds_are_not_numbered_and_take_no_place_of_an_order(kind: Kind) {
    let mapping = r#"
[defaults]
currency = "USD"
[derive]
orders = true
order_kinds = true
customer_tenures = true
[[accounts]]
rows = [{ id = "x", name = "X" }]
[[opportunities]]
file = "deals.csv"
[opportunities.columns]
id = "id"
account_id = "account"
product_id = "product"
status = "status"
amount = "amount"
closed_at = "closed"
[[orders]]
file = "orders.csv"
[orders.columns]
id = "id"
opportunity_id = "deal"
account_id = "account"
product_id = "product"
refund_of = "refund of"
amount = "amount"
ordered_at = "ordered"
"#;
    let deals = "id,account,product,status,amount,closed\nd,x,p,won,100,2023-02-01\n";
    // A credit note that an earlier system has left, without a word of its order; a refund of the deal's order, which names the
    // deal; another order; and a correction of that upwards.
    let orders = "id,deal,account,product,refund of,amount,ordered\n\
                  a,,x,p,,-5,2023-01-01\n\
                  b,d,x,p,d,-100,2023-03-01\n\
                  c,,x,p,,300,2023-04-01\n\
                  e,,,,c,20,2023-05-01\n";
    let case = Case::new(kind, mapping, &[("deals.csv", deals), ("orders.csv", orders)]).await;
    case.import().await.unwrap();
    let mut orders = crm::orders::Entity::find().all(case.db()).await.unwrap();
    orders.sort_by(|one, next| one.id.cmp(&next.id));
    let told = orders.iter().map(|order| {
        let kind = order.kind.map(|kind| format!("{kind:?}"));
        (order.id.as_str(), order.customer_order_number, kind.unwrap_or_default(), order.refund_of.as_deref())
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("a", None, String::new(), None),
            ("b", None, String::new(), Some("d")),
            ("c", Some(2), "Repeat".to_owned(), None),
            ("d", Some(1), "New".to_owned(), None),
            ("e", None, String::new(), Some("c")),
        ]
    );
    let tenures = crm::customer_tenures::Entity::find().all(case.db()).await.unwrap();
    assert_eq!(tenures.len(), 1);
    assert_eq!(tenures[0].started_at.to_rfc3339(), "2023-02-01T00:00:00+00:00", "the first order, not the credit note");
}
