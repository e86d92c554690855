-- customer_callbacks: calls to the service desk in which customers call back about an earlier one.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.callback

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep, COUNT(*) AS value
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.callback
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT MONTH(l.offered_at) AS month, COUNT(*) AS value
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.callback
GROUP BY MONTH(l.offered_at)

-- by rep, month
SELECT COALESCE(l.rep_id, '') AS rep, MONTH(l.offered_at) AS month, COUNT(*) AS value
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.callback
GROUP BY COALESCE(l.rep_id, ''), MONTH(l.offered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM service_calls l
LEFT JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.callback
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(l.offered_at) AS month, COUNT(*) AS value
FROM service_calls l
JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.callback AND a.segment = 'enterprise'
GROUP BY MONTH(l.offered_at)
