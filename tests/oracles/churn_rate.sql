-- churn_rate: of the customers at the start, those who are none at the end, in whichever tenure; credited to who won
-- the tenure that was live at the start. By reason: those who left for it over all customers at the start; who came
-- back before the end has not left.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM customer_tenures n
                                    WHERE n.account_id = t.account_id AND n.started_at < :until
                                      AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)

-- by rep
SELECT COALESCE(t.rep_id, '') AS rep,
       COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM customer_tenures n
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
SELECT month, SUM(gone) AS numerator, SUM(at_start) AS denominator
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
       COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM customer_tenures n
                                    WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                      AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
GROUP BY COALESCE(t.rep_id, ''), m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM customer_tenures n
                                    WHERE n.account_id = t.account_id AND n.started_at < :until
                                      AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT m.month,
       COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM customer_tenures n
                                    WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                      AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
JOIN accounts a ON a.id = t.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- by churn_reason
-- Reasons that somebody left for.
SELECT COALESCE(t.end_reason, '') AS churn_reason, COUNT(*) AS numerator,
       (SELECT COUNT(*)
        FROM customer_tenures t
        WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)) AS denominator
FROM customer_tenures t
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
  AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                  WHERE n.account_id = t.account_id AND n.started_at < :until
                    AND (n.ended_at IS NULL OR n.ended_at >= :until))
GROUP BY COALESCE(t.end_reason, '')

-- by churn_reason where segment = enterprise
SELECT COALESCE(t.end_reason, '') AS churn_reason, COUNT(*) AS numerator,
       (SELECT COUNT(*)
        FROM customer_tenures t
        JOIN accounts a ON a.id = t.account_id
        WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
          AND a.segment = 'enterprise') AS denominator
FROM customer_tenures t
JOIN accounts a ON a.id = t.account_id
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
  AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                  WHERE n.account_id = t.account_id AND n.started_at < :until
                    AND (n.ended_at IS NULL OR n.ended_at >= :until))
  AND a.segment = 'enterprise'
GROUP BY COALESCE(t.end_reason, '')

-- by rep, churn_reason
-- Over all customers of the rep.
SELECT part.rep, part.churn_reason, part.customers AS numerator, whole.customers AS denominator
FROM (SELECT COALESCE(t.rep_id, '') AS rep, COALESCE(t.end_reason, '') AS churn_reason, COUNT(*) AS customers
      FROM customer_tenures t
      WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
        AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                        WHERE n.account_id = t.account_id AND n.started_at < :until
                          AND (n.ended_at IS NULL OR n.ended_at >= :until))
      GROUP BY COALESCE(t.rep_id, ''), COALESCE(t.end_reason, '')) part
JOIN (SELECT COALESCE(t.rep_id, '') AS rep, COUNT(*) AS customers
      FROM customer_tenures t
      WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
      GROUP BY COALESCE(t.rep_id, '')) whole ON whole.rep = part.rep

-- by churn_reason, month
-- Every month of a reason that somebody left for in some month, over all customers at the month's start.
SELECT reasons.churn_reason, m.month,
       COUNT(CASE WHEN COALESCE(t.end_reason, '') = reasons.churn_reason
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                              WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
CROSS JOIN (SELECT DISTINCT COALESCE(t.end_reason, '') AS churn_reason
            FROM MONTHS m
            JOIN customer_tenures t ON t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
            WHERE NOT EXISTS (SELECT 1 FROM customer_tenures n
                              WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                AND (n.ended_at IS NULL OR n.ended_at >= m.ends))) reasons
GROUP BY reasons.churn_reason, m.month

-- by rep where churn_reason = price
-- The filter bounds who left, not of whom.
SELECT COALESCE(t.rep_id, '') AS rep,
       COUNT(CASE WHEN t.end_reason = 'price'
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                              WHERE n.account_id = t.account_id AND n.started_at < :until
                                AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM customer_tenures t
WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
GROUP BY COALESCE(t.rep_id, '')
