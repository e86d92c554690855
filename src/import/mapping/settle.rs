//! What follows from all rows in the database, worked out there: it does not depend on which import brought a row.

use super::language::Derive;
use crate::import::ImportError;
use crate::import::write::Writer;

/// A customer's orders are numbered by time.
const ORDER_NUMBERS: &str = "\
UPDATE orders SET customer_order_number = counted.number \
FROM (SELECT id, CASE WHEN account_id IS NULL THEN NULL \
             ELSE ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY ordered_at, id) END AS number \
      FROM orders) AS counted \
WHERE orders.id = counted.id AND orders.customer_order_number IS DISTINCT FROM counted.number";

/// A customer's first order is new business; a product bought before is a repeat, another one a cross-sell.
const ORDER_KINDS: &str = "\
UPDATE orders SET kind = judged.kind \
FROM (SELECT id, CASE WHEN customer_order_number = 1 THEN 'new' \
             WHEN account_id IS NULL OR product_id IS NULL THEN NULL \
             WHEN ROW_NUMBER() OVER (PARTITION BY account_id, product_id ORDER BY ordered_at, id) = 1 \
             THEN 'cross_sell' ELSE 'repeat' END AS kind \
      FROM orders) AS judged \
WHERE orders.id = judged.id AND orders.kind IS DISTINCT FROM judged.kind";

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

/// Works out the numbers of orders, their kinds and the tenures where asked for, and since when accounts are customers.
/// Returns how many tenures were made.
pub async fn settle(writer: &mut Writer, derive: Derive) -> Result<u64, ImportError> {
    writer.execute(ORDER_NUMBERS).await?;
    if derive.order_kinds {
        writer.execute(ORDER_KINDS).await?;
    }
    let mut tenures = 0;
    if derive.customer_tenures {
        writer.execute("DELETE FROM customer_tenures").await?;
        tenures = writer.execute(TENURES).await?;
    }
    writer.execute(CUSTOMER_SINCE).await?;
    Ok(tenures)
}
