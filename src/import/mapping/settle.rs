//! What follows from all rows in the database, worked out there: it does not depend on which import brought a row.

use super::language::Derive;
use crate::crm;
use crate::import::ImportError;
use crate::import::write::Writer;

/// A customer's orders are numbered by time.
const NUMBER: &str = "\
CASE WHEN account_id IS NULL THEN NULL \
     ELSE ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY ordered_at, id) END";

/// A customer's first order is new business; a product bought before is a repeat, another one a cross-sell.
const KIND: &str = "\
CASE WHEN customer_order_number = 1 THEN 'new' \
     WHEN account_id IS NULL OR product_id IS NULL THEN NULL \
     WHEN ROW_NUMBER() OVER (PARTITION BY account_id, product_id ORDER BY ordered_at, id) = 1 \
     THEN 'cross_sell' ELSE 'repeat' END";

/// A customer is an account with an order: from the first one on, won by who sold it.
const TENURES: &str = "\
INSERT INTO customer_tenures (account_id, number, rep_id, started_at) \
SELECT account_id, 1, rep_id, ordered_at FROM orders WHERE customer_order_number = 1";

/// An account is a customer since its first tenure.
const CUSTOMER_SINCE: &str = "\
UPDATE accounts SET customer_since = found.since \
FROM (SELECT accounts.id, MIN(customer_tenures.started_at) AS since \
      FROM accounts LEFT JOIN customer_tenures ON customer_tenures.account_id = accounts.id \
      GROUP BY accounts.id) AS found \
WHERE accounts.id = found.id AND accounts.customer_since IS DISTINCT FROM found.since";

/// Works out the numbers of staged orders, and their kinds where asked for, among all that there will be: so that they are
/// written once.
pub async fn number_staged(writer: &mut Writer, derive: Derive) -> Result<(), ImportError> {
    let Some((staged, others)) = crm::table("orders").and_then(|orders| writer.staged(orders)) else { return Ok(()) };
    let (kind, set) = match derive.order_kinds {
        true => (KIND, ", kind = counted.kind"),
        false => ("NULL", ""),
    };
    let columns = "id, account_id, product_id, ordered_at";
    let sql = format!(
        "UPDATE {staged} AS staged SET customer_order_number = counted.customer_order_number{set} \
         FROM (SELECT id, customer_order_number, {kind} AS kind \
               FROM (SELECT {columns}, {NUMBER} AS customer_order_number \
                     FROM (SELECT {columns} FROM {staged} UNION ALL SELECT {columns} FROM orders WHERE {others}) AS every) \
               AS numbered) AS counted \
         WHERE staged.id = counted.id"
    );
    writer.execute(&sql).await.map(|_| ())
}

/// Works out the numbers of orders, their kinds and the tenures where asked for, and since when accounts are customers.
/// Returns how many tenures were made.
pub async fn settle(writer: &mut Writer, derive: Derive) -> Result<u64, ImportError> {
    for (column, value) in [("customer_order_number", NUMBER), ("kind", KIND)] {
        if column != "kind" || derive.order_kinds {
            let update = format!(
                "UPDATE orders SET {column} = counted.value FROM (SELECT id, {value} AS value FROM orders) AS counted \
                 WHERE orders.id = counted.id AND orders.{column} IS DISTINCT FROM counted.value"
            );
            writer.execute(&update).await?;
        }
    }
    let mut tenures = 0;
    if derive.customer_tenures {
        writer.execute("DELETE FROM customer_tenures").await?;
        tenures = writer.execute(TENURES).await?;
    }
    writer.execute(CUSTOMER_SINCE).await?;
    Ok(tenures)
}
