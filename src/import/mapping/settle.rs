//! What follows from all rows in the database, worked out there: it does not depend on which import brought a row.

use super::language::Derive;
use crate::crm;
use crate::import::ImportError;
use crate::import::write::Writer;

/// What is no order: it is negative, or says which order it refunds.
const REFUND: &str = "CASE WHEN amount_minor < 0 OR refund_of <> '' THEN 1 ELSE 0 END";

/// A customer's orders are numbered by time.
const NUMBER: &str = "\
CASE WHEN account_id IS NULL OR refund = 1 THEN NULL \
     ELSE ROW_NUMBER() OVER (PARTITION BY account_id, refund ORDER BY ordered_at, id) END";

/// A customer's first order is new business; a product bought before is a repeat, another one a cross-sell.
const KIND: &str = "\
CASE WHEN number = 1 THEN 'new' \
     WHEN account_id IS NULL OR product_id IS NULL OR refund = 1 THEN NULL \
     WHEN ROW_NUMBER() OVER (PARTITION BY account_id, product_id, refund ORDER BY ordered_at, id) = 1 \
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

/// The numbers and kinds of all orders that there will be, in a table with the columns `id`, `number` and `kind`.
pub struct Counted(String);

/// Works out the numbers of all orders that there will be, and their kinds where asked for. Staged orders get theirs, so that
/// they are written once.
pub async fn count(writer: &mut Writer, derive: Derive) -> Result<Counted, ImportError> {
    let columns = "id, account_id, product_id, ordered_at, refund_of, amount_minor";
    let staged = crm::table("orders").and_then(|orders| writer.staged(orders));
    let every = match &staged {
        Some((staged, others)) => {
            format!("SELECT {columns} FROM {staged} UNION ALL SELECT {columns} FROM orders WHERE {others}")
        }
        None => format!("SELECT {columns} FROM orders"),
    };
    let kind = if derive.order_kinds { KIND } else { "NULL" };
    let query = format!(
        "SELECT id, number, {kind} AS kind FROM (SELECT *, {NUMBER} AS number \
         FROM (SELECT *, {REFUND} AS refund FROM ({every}) AS every) AS told) AS numbered"
    );
    let counted = writer.keep("counted", &query).await?;
    if let Some((staged, _)) = staged {
        let kind = if derive.order_kinds { ", kind = counted.kind" } else { "" };
        let update = format!(
            "UPDATE {staged} AS staged SET customer_order_number = counted.number{kind} FROM {counted} AS counted \
             WHERE staged.id = counted.id"
        );
        writer.execute(&update).await?;
    }
    Ok(Counted(counted))
}

/// Gives orders their numbers, and their kinds where asked for; makes the tenures where asked for, and says since when accounts
/// are customers. Returns how many tenures were made.
pub async fn settle(writer: &mut Writer, counted: &Counted, derive: Derive) -> Result<u64, ImportError> {
    let Counted(counted) = counted;
    let (kind, differs) = match derive.order_kinds {
        true => (", kind = counted.kind", " OR orders.kind IS DISTINCT FROM counted.kind"),
        false => ("", ""),
    };
    let update = format!(
        "UPDATE orders SET customer_order_number = counted.number{kind} FROM {counted} AS counted \
         WHERE orders.id = counted.id AND (orders.customer_order_number IS DISTINCT FROM counted.number{differs})"
    );
    writer.execute(&update).await?;
    let mut tenures = 0;
    if derive.customer_tenures {
        writer.execute("DELETE FROM customer_tenures").await?;
        tenures = writer.execute(TENURES).await?;
    }
    writer.execute(CUSTOMER_SINCE).await?;
    Ok(tenures)
}
