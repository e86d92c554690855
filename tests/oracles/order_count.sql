-- order_count: orders (transactions), by order time. What is negative or refunds another order is none.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM orders o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where order_kind = new|upsell
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until AND kind IN ('new', 'upsell')
GROUP BY COALESCE(rep_id, '')

-- by month where order_kind != renewal
-- An order without a kind is not a renewal.
SELECT MONTH(ordered_at) AS month, COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until AND COALESCE(kind, '') <> 'renewal'
GROUP BY MONTH(ordered_at)

-- by order_kind
SELECT COALESCE(kind, '') AS order_kind, COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(kind, '')

-- by product, source
SELECT COALESCE(product_id, '') AS product, COALESCE(source_id, '') AS source, COUNT(*) AS value
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(product_id, ''), COALESCE(source_id, '')
