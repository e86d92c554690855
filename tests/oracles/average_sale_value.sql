-- average_sale_value: what was sold, less refunds, per order; a refund is none.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(amount_minor) AS numerator, COUNT(CASE WHEN amount_minor >= 0 AND COALESCE(refund_of, '') = '' THEN 1 END) AS denominator
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS numerator, COUNT(CASE WHEN amount_minor >= 0 AND COALESCE(refund_of, '') = '' THEN 1 END) AS denominator
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, SUM(amount_minor) AS numerator, COUNT(CASE WHEN amount_minor >= 0 AND COALESCE(refund_of, '') = '' THEN 1 END) AS denominator
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS numerator, COUNT(CASE WHEN amount_minor >= 0 AND COALESCE(refund_of, '') = '' THEN 1 END) AS denominator
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor) AS numerator, COUNT(CASE WHEN amount_minor >= 0 AND COALESCE(refund_of, '') = '' THEN 1 END) AS denominator
FROM ORDERS o
JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, '')

-- by country
SELECT COALESCE(a.country, '') AS country, SUM(o.amount_minor) AS numerator, COUNT(CASE WHEN amount_minor >= 0 AND COALESCE(refund_of, '') = '' THEN 1 END) AS denominator
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(a.country, '')
