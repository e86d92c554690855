-- customer_retention_rate: of the customers at the start, those who are customers at the end too, in whichever tenure;
-- credited to who won the tenure that was live at the start.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN EXISTS (SELECT 1 FROM customer_tenures n
                                WHERE n.account_id = t.account_id AND n.started_at < :until
                                  AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)

-- by rep
SELECT COALESCE(t.rep_id, '') AS rep,
       COUNT(CASE WHEN EXISTS (SELECT 1 FROM customer_tenures n
                                WHERE n.account_id = t.account_id AND n.started_at < :until
                                  AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
GROUP BY COALESCE(t.rep_id, '')

-- by month
-- Customers at the start are what was before the first month and what moved since, added up. Who of them is gone has left
-- within the month.
SELECT month, SUM(at_start) - SUM(gone) AS numerator, SUM(at_start) AS denominator
FROM (SELECT m.month, SUM(c.change) AS at_start, 0 AS gone
      FROM MONTHS m
      JOIN (SELECT month, SUM(change) AS change
            FROM (SELECT CASE WHEN started_at >= :from THEN MONTH(started_at) ELSE '' END AS month, 1 AS change
                  FROM customer_tenures
                  WHERE started_at < :until AND (ended_at IS NULL OR (ended_at >= :from AND started_at < ended_at))
                  UNION ALL
                  SELECT MONTH(ended_at), -1
                  FROM customer_tenures
                  WHERE ended_at >= :from AND ended_at < :until AND started_at < ended_at) moves
            GROUP BY month) c ON c.month < m.month
      GROUP BY m.month
      UNION ALL
      SELECT m.month, 0, COUNT(*)
      FROM MONTHS m
      JOIN customer_tenures t ON t.ended_at >= m.starts AND t.ended_at < m.ends AND t.started_at < m.starts
      WHERE NOT EXISTS (SELECT 1 FROM customer_tenures n
                        WHERE n.account_id = t.account_id AND n.started_at < m.ends
                          AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
      GROUP BY m.month) customers
GROUP BY month

-- by rep, month
SELECT COALESCE(t.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN EXISTS (SELECT 1 FROM customer_tenures n
                                WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                  AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
GROUP BY COALESCE(t.rep_id, ''), m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN EXISTS (SELECT 1 FROM customer_tenures n
                                WHERE n.account_id = t.account_id AND n.started_at < :until
                                  AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
GROUP BY COALESCE(a.segment, '')

-- by rep where segment != enterprise
SELECT COALESCE(t.rep_id, '') AS rep,
       COUNT(CASE WHEN EXISTS (SELECT 1 FROM customer_tenures n
                                WHERE n.account_id = t.account_id AND n.started_at < :until
                                  AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
  AND COALESCE(a.segment, '') <> 'enterprise'
GROUP BY COALESCE(t.rep_id, '')
