-- close_rate: won in the period over all that were in the pipeline in it: open at its start, or created in it.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN status = 'won' AND closed_at >= :from AND closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN (created_at IS NULL OR created_at < :from) AND (closed_at IS NULL OR closed_at >= :from) THEN 1
                  WHEN created_at >= :from AND created_at < :until THEN 1 END) AS denominator
FROM DEALS o

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN status = 'won' AND closed_at >= :from AND closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN (created_at IS NULL OR created_at < :from) AND (closed_at IS NULL OR closed_at >= :from) THEN 1
                  WHEN created_at >= :from AND created_at < :until THEN 1 END) AS denominator
FROM DEALS o
GROUP BY COALESCE(rep_id, '')

-- by month
-- Open at the start are what was before the first month and what moved since, added up.
SELECT month, SUM(won) AS numerator, SUM(at_start) + SUM(created) AS denominator
FROM (SELECT MONTH(closed_at) AS month, COUNT(*) AS won, 0 AS at_start, 0 AS created
      FROM DEALS o
      WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
      GROUP BY MONTH(closed_at)
      UNION ALL
      SELECT MONTH(created_at), 0, 0, COUNT(*)
      FROM DEALS o
      WHERE created_at >= :from AND created_at < :until
      GROUP BY MONTH(created_at)
      UNION ALL
      SELECT m.month, 0, SUM(c.change), 0
      FROM MONTHS m
      JOIN (SELECT month, SUM(change) AS change
            FROM (SELECT CASE WHEN created_at >= :from THEN MONTH(created_at) ELSE '' END AS month, 1 AS change
                  FROM DEALS o
                  WHERE (created_at IS NULL OR created_at < :until)
                    AND (closed_at IS NULL OR (closed_at >= :from AND (created_at IS NULL OR created_at < closed_at)))
                  UNION ALL
                  SELECT MONTH(closed_at), -1
                  FROM DEALS o
                  WHERE closed_at >= :from AND closed_at < :until AND (created_at IS NULL OR created_at < closed_at)) moves
            GROUP BY month) c ON c.month < m.month
      GROUP BY m.month) deals
GROUP BY month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < :from)
                       AND (o.closed_at IS NULL OR o.closed_at >= :from) THEN 1
                  WHEN o.created_at >= :from AND o.created_at < :until THEN 1 END) AS denominator
FROM DEALS o
LEFT JOIN accounts a ON a.id = o.account_id
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= m.starts AND o.closed_at < m.ends THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < m.starts)
                       AND (o.closed_at IS NULL OR o.closed_at >= m.starts) THEN 1
                  WHEN o.created_at >= m.starts AND o.created_at < m.ends THEN 1 END) AS denominator
FROM MONTHS m
CROSS JOIN DEALS o
GROUP BY COALESCE(o.rep_id, ''), m.month

-- by month where segment = enterprise
SELECT m.month,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= m.starts AND o.closed_at < m.ends THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < m.starts)
                       AND (o.closed_at IS NULL OR o.closed_at >= m.starts) THEN 1
                  WHEN o.created_at >= m.starts AND o.created_at < m.ends THEN 1 END) AS denominator
FROM MONTHS m
CROSS JOIN DEALS o
JOIN accounts a ON a.id = o.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month
