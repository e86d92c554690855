-- retained_customers: accounts that were customers at the start and are customers at the end, in whichever tenure;
-- credited to who won the tenure that was live at the start. Who left and came back in between counts.
-- value in ones

-- total
SELECT COUNT(DISTINCT at_start.account_id) AS value
FROM customer_tenures at_start
JOIN customer_tenures at_end ON at_end.account_id = at_start.account_id
WHERE at_start.started_at < :from AND (at_start.ended_at IS NULL OR at_start.ended_at >= :from)
  AND at_end.started_at < :until AND (at_end.ended_at IS NULL OR at_end.ended_at >= :until)

-- by rep
SELECT COALESCE(at_start.rep_id, '') AS rep, COUNT(DISTINCT at_start.account_id) AS value
FROM customer_tenures at_start
JOIN customer_tenures at_end ON at_end.account_id = at_start.account_id
WHERE at_start.started_at < :from AND (at_start.ended_at IS NULL OR at_start.ended_at >= :from)
  AND at_end.started_at < :until AND (at_end.ended_at IS NULL OR at_end.ended_at >= :until)
GROUP BY COALESCE(at_start.rep_id, '')

-- by month
SELECT m.month, COUNT(DISTINCT at_start.account_id) AS value
FROM MONTHS m
JOIN customer_tenures at_start
  ON at_start.started_at < m.starts AND (at_start.ended_at IS NULL OR at_start.ended_at >= m.starts)
JOIN customer_tenures at_end
  ON at_end.account_id = at_start.account_id
  AND at_end.started_at < m.ends AND (at_end.ended_at IS NULL OR at_end.ended_at >= m.ends)
GROUP BY m.month

-- by rep, month
SELECT COALESCE(at_start.rep_id, '') AS rep, m.month, COUNT(DISTINCT at_start.account_id) AS value
FROM MONTHS m
JOIN customer_tenures at_start
  ON at_start.started_at < m.starts AND (at_start.ended_at IS NULL OR at_start.ended_at >= m.starts)
JOIN customer_tenures at_end
  ON at_end.account_id = at_start.account_id
  AND at_end.started_at < m.ends AND (at_end.ended_at IS NULL OR at_end.ended_at >= m.ends)
GROUP BY COALESCE(at_start.rep_id, ''), m.month

-- by month where segment = enterprise
SELECT m.month, COUNT(DISTINCT at_start.account_id) AS value
FROM MONTHS m
JOIN customer_tenures at_start
  ON at_start.started_at < m.starts AND (at_start.ended_at IS NULL OR at_start.ended_at >= m.starts)
JOIN customer_tenures at_end
  ON at_end.account_id = at_start.account_id
  AND at_end.started_at < m.ends AND (at_end.ended_at IS NULL OR at_end.ended_at >= m.ends)
JOIN accounts a ON a.id = at_start.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(DISTINCT at_start.account_id) AS value
FROM customer_tenures at_start
JOIN customer_tenures at_end ON at_end.account_id = at_start.account_id
LEFT JOIN accounts a ON a.id = at_start.account_id
WHERE at_start.started_at < :from AND (at_start.ended_at IS NULL OR at_start.ended_at >= :from)
  AND at_end.started_at < :until AND (at_end.ended_at IS NULL OR at_end.ended_at >= :until)
GROUP BY COALESCE(a.segment, '')
