-- customers: tenures that are live at the end, which are one an account. Credited to who won the customer.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM customer_tenures
WHERE started_at < :until AND (ended_at IS NULL OR ended_at >= :until)

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM customer_tenures
WHERE started_at < :until AND (ended_at IS NULL OR ended_at >= :until)
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT m.month, COUNT(*) AS value
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.ends AND (t.ended_at IS NULL OR t.ended_at >= m.ends)
GROUP BY m.month

-- by rep, month
SELECT COALESCE(t.rep_id, '') AS rep, m.month, COUNT(*) AS value
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.ends AND (t.ended_at IS NULL OR t.ended_at >= m.ends)
GROUP BY COALESCE(t.rep_id, ''), m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.started_at < :until AND (t.ended_at IS NULL OR t.ended_at >= :until)
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT m.month, COUNT(*) AS value
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.ends AND (t.ended_at IS NULL OR t.ended_at >= m.ends)
JOIN accounts a ON a.id = t.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- total where region = ''
SELECT COUNT(*) AS value
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.started_at < :until AND (t.ended_at IS NULL OR t.ended_at >= :until) AND COALESCE(a.region, '') = ''
