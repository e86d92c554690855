-- won_value: what opportunities were won for, by close time. A win without an amount adds nothing.
-- value in minor units

-- total
SELECT SUM(amount_minor) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, SUM(amount_minor) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where region = north
SELECT MONTH(o.closed_at) AS month, SUM(o.amount_minor) AS value
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND a.region = 'north'
GROUP BY MONTH(o.closed_at)

-- by account
SELECT COALESCE(account_id, '') AS account, SUM(amount_minor) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(account_id, '')

-- by rep, product
SELECT COALESCE(rep_id, '') AS rep, COALESCE(product_id, '') AS product, SUM(amount_minor) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, ''), COALESCE(product_id, '')
