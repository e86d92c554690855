-- close_rate: won in the period over all that were in the pipeline in it: open at its start, or created in it.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN status = 'won' AND closed_at >= :from AND closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN (created_at IS NULL OR created_at < :from) AND (closed_at IS NULL OR closed_at >= :from) THEN 1
                  WHEN created_at >= :from AND created_at < :until THEN 1 END) AS denominator
FROM opportunities

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN status = 'won' AND closed_at >= :from AND closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN (created_at IS NULL OR created_at < :from) AND (closed_at IS NULL OR closed_at >= :from) THEN 1
                  WHEN created_at >= :from AND created_at < :until THEN 1 END) AS denominator
FROM opportunities
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT m.month,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= m.starts AND o.closed_at < m.ends THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < m.starts)
                       AND (o.closed_at IS NULL OR o.closed_at >= m.starts) THEN 1
                  WHEN o.created_at >= m.starts AND o.created_at < m.ends THEN 1 END) AS denominator
FROM MONTHS m
CROSS JOIN opportunities o
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < :from)
                       AND (o.closed_at IS NULL OR o.closed_at >= :from) THEN 1
                  WHEN o.created_at >= :from AND o.created_at < :until THEN 1 END) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= m.starts AND o.closed_at < m.ends THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < m.starts)
                       AND (o.closed_at IS NULL OR o.closed_at >= m.starts) THEN 1
                  WHEN o.created_at >= m.starts AND o.created_at < m.ends THEN 1 END) AS denominator
FROM MONTHS m
CROSS JOIN opportunities o
GROUP BY COALESCE(o.rep_id, ''), m.month

-- by month where segment = enterprise
SELECT m.month,
       COUNT(CASE WHEN o.status = 'won' AND o.closed_at >= m.starts AND o.closed_at < m.ends THEN 1 END) AS numerator,
       COUNT(CASE WHEN (o.created_at IS NULL OR o.created_at < m.starts)
                       AND (o.closed_at IS NULL OR o.closed_at >= m.starts) THEN 1
                  WHEN o.created_at >= m.starts AND o.created_at < m.ends THEN 1 END) AS denominator
FROM MONTHS m
CROSS JOIN opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month
