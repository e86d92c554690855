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
-- What was before the first month, and what moved in each, added up.
SELECT m.month, SUM(c.change) AS value
FROM MONTHS m
JOIN (SELECT month, SUM(change) AS change
      FROM (SELECT CASE WHEN started_at >= :from THEN MONTH(started_at) ELSE '' END AS month, 1 AS change
            FROM customer_tenures
            WHERE started_at < :until AND (ended_at IS NULL OR (ended_at >= :from AND started_at < ended_at))
            UNION ALL
            SELECT MONTH(ended_at), -1
            FROM customer_tenures
            WHERE ended_at >= :from AND ended_at < :until AND started_at < ended_at) moves
      GROUP BY month) c ON c.month <= m.month
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
