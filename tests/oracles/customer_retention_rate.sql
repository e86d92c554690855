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
SELECT m.month,
       COUNT(CASE WHEN EXISTS (SELECT 1 FROM customer_tenures n
                                WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                  AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
GROUP BY m.month

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
