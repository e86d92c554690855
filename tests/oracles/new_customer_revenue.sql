-- new_customer_revenue: orders of subscribers less than 365 days after they became customers, and the first order of
-- everybody else. A refund counts where its order does.
-- value in minor units

-- total
SELECT SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
  AND ((o.by_subscriber AND MILLIS(a.customer_since, o.bought_at) < DAYS(365))
       OR (NOT o.by_subscriber AND o.customer_order_number = 1))

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
  AND ((o.by_subscriber AND MILLIS(a.customer_since, o.bought_at) < DAYS(365))
       OR (NOT o.by_subscriber AND o.customer_order_number = 1))
GROUP BY COALESCE(o.rep_id, '')

-- by month
SELECT MONTH(o.ordered_at) AS month, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
  AND ((o.by_subscriber AND MILLIS(a.customer_since, o.bought_at) < DAYS(365))
       OR (NOT o.by_subscriber AND o.customer_order_number = 1))
GROUP BY MONTH(o.ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
  AND ((o.by_subscriber AND MILLIS(a.customer_since, o.bought_at) < DAYS(365))
       OR (NOT o.by_subscriber AND o.customer_order_number = 1))
GROUP BY COALESCE(a.segment, '')

-- by rep where segment = enterprise|smb
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor) AS value
FROM ORDERS o
JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
  AND ((o.by_subscriber AND MILLIS(a.customer_since, o.bought_at) < DAYS(365))
       OR (NOT o.by_subscriber AND o.customer_order_number = 1))
  AND a.segment IN ('enterprise', 'smb')
GROUP BY COALESCE(o.rep_id, '')
