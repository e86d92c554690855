-- first_year_lost_customers: tenures that end less than 365 days after they started.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until AND MILLIS(started_at, ended_at) < DAYS(365)

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until AND MILLIS(started_at, ended_at) < DAYS(365)
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ended_at) AS month, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until AND MILLIS(started_at, ended_at) < DAYS(365)
GROUP BY MONTH(ended_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.ended_at >= :from AND t.ended_at < :until AND MILLIS(t.started_at, t.ended_at) < DAYS(365)
GROUP BY COALESCE(a.segment, '')

-- by rep where churn_reason != price
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until AND MILLIS(started_at, ended_at) < DAYS(365)
  AND COALESCE(end_reason, '') <> 'price'
GROUP BY COALESCE(rep_id, '')

-- by region where segment = enterprise
SELECT COALESCE(a.region, '') AS region, COUNT(*) AS value
FROM customer_tenures t
JOIN accounts a ON a.id = t.account_id
WHERE t.ended_at >= :from AND t.ended_at < :until AND MILLIS(t.started_at, t.ended_at) < DAYS(365)
  AND a.segment = 'enterprise'
GROUP BY COALESCE(a.region, '')
