-- lost_customers: tenures that end, credited to who won the customer.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ended_at) AS month, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY MONTH(ended_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.ended_at >= :from AND t.ended_at < :until
GROUP BY COALESCE(a.segment, '')

-- by churn_reason
SELECT COALESCE(end_reason, '') AS churn_reason, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY COALESCE(end_reason, '')

-- by rep where churn_reason = price
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until AND end_reason = 'price'
GROUP BY COALESCE(rep_id, '')

-- by month where segment = enterprise
SELECT MONTH(t.ended_at) AS month, COUNT(*) AS value
FROM customer_tenures t
JOIN accounts a ON a.id = t.account_id
WHERE t.ended_at >= :from AND t.ended_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(t.ended_at)
