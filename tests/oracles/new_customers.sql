-- new_customers: customers whose first tenure starts.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM customer_tenures
WHERE number = 1 AND started_at >= :from AND started_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM customer_tenures
WHERE number = 1 AND started_at >= :from AND started_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(started_at) AS month, COUNT(*) AS value
FROM customer_tenures
WHERE number = 1 AND started_at >= :from AND started_at < :until
GROUP BY MONTH(started_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(t.started_at) AS month, COUNT(*) AS value
FROM customer_tenures t
JOIN accounts a ON a.id = t.account_id
WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(t.started_at)

-- by region
SELECT COALESCE(a.region, '') AS region, COUNT(*) AS value
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until
GROUP BY COALESCE(a.region, '')
