-- cross_sell_rate: of the customers who bought, those who bought another product beside what they have. An order without an account is
-- nobody's.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(DISTINCT CASE WHEN kind = 'cross_sell' THEN NULLIF(account_id, '') END) AS numerator,
       COUNT(DISTINCT NULLIF(account_id, '')) AS denominator
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(DISTINCT CASE WHEN kind = 'cross_sell' THEN NULLIF(account_id, '') END) AS numerator,
       COUNT(DISTINCT NULLIF(account_id, '')) AS denominator
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month,
       COUNT(DISTINCT CASE WHEN kind = 'cross_sell' THEN NULLIF(account_id, '') END) AS numerator,
       COUNT(DISTINCT NULLIF(account_id, '')) AS denominator
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(DISTINCT CASE WHEN o.kind = 'cross_sell' THEN NULLIF(o.account_id, '') END) AS numerator,
       COUNT(DISTINCT NULLIF(o.account_id, '')) AS denominator
FROM orders o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(o.ordered_at) AS month,
       COUNT(DISTINCT CASE WHEN o.kind = 'cross_sell' THEN NULLIF(o.account_id, '') END) AS numerator,
       COUNT(DISTINCT NULLIF(o.account_id, '')) AS denominator
FROM orders o
JOIN accounts a ON a.id = o.account_id
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.ordered_at >= :from AND o.ordered_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(o.ordered_at)

-- by product
SELECT COALESCE(product_id, '') AS product,
       COUNT(DISTINCT CASE WHEN kind = 'cross_sell' THEN NULLIF(account_id, '') END) AS numerator,
       COUNT(DISTINCT NULLIF(account_id, '')) AS denominator
FROM orders
WHERE amount_minor >= 0 AND COALESCE(refund_of, '') = '' AND ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(product_id, '')
