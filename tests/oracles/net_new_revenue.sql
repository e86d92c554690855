-- net_new_revenue: orders that are new business, an upsell or a cross-sell. An order without a kind is none of them.
-- A refund is of the kind of its order.
-- value in minor units

-- total
SELECT SUM(amount_minor) AS value
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until AND kind IN ('new', 'upsell', 'cross_sell')

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS value
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until AND kind IN ('new', 'upsell', 'cross_sell')
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, SUM(amount_minor) AS value
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until AND kind IN ('new', 'upsell', 'cross_sell')
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND o.kind IN ('new', 'upsell', 'cross_sell')
GROUP BY COALESCE(a.segment, '')

-- by month where industry != retail
SELECT MONTH(o.ordered_at) AS month, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND o.kind IN ('new', 'upsell', 'cross_sell')
  AND COALESCE(a.industry, '') <> 'retail'
GROUP BY MONTH(o.ordered_at)

-- by order_kind
SELECT kind AS order_kind, SUM(amount_minor) AS value
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until AND kind IN ('new', 'upsell', 'cross_sell')
GROUP BY kind
