-- lost_opportunity_ratio: opportunities lost (by close time) over opportunities created (by creation time): other
-- opportunities, perhaps, and so perhaps more than 1.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN status = 'lost' AND closed_at >= :from AND closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN created_at >= :from AND created_at < :until THEN 1 END) AS denominator
FROM opportunities

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN status = 'lost' AND closed_at >= :from AND closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN created_at >= :from AND created_at < :until THEN 1 END) AS denominator
FROM opportunities
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT month, SUM(numerator) AS numerator, SUM(denominator) AS denominator
FROM (SELECT MONTH(closed_at) AS month, COUNT(*) AS numerator, 0 AS denominator
      FROM opportunities
      WHERE closed_at >= :from AND closed_at < :until AND status = 'lost'
      GROUP BY MONTH(closed_at)
      UNION ALL
      SELECT MONTH(created_at), 0, COUNT(*)
      FROM opportunities
      WHERE created_at >= :from AND created_at < :until
      GROUP BY MONTH(created_at)) events
GROUP BY month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN o.status = 'lost' AND o.closed_at >= :from AND o.closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN o.created_at >= :from AND o.created_at < :until THEN 1 END) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
GROUP BY COALESCE(a.segment, '')

-- by rep where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep,
       COUNT(CASE WHEN o.status = 'lost' AND o.closed_at >= :from AND o.closed_at < :until THEN 1 END) AS numerator,
       COUNT(CASE WHEN o.created_at >= :from AND o.created_at < :until THEN 1 END) AS denominator
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN o.status = 'lost' AND o.closed_at >= m.starts AND o.closed_at < m.ends THEN 1 END) AS numerator,
       COUNT(CASE WHEN o.created_at >= m.starts AND o.created_at < m.ends THEN 1 END) AS denominator
FROM MONTHS m
CROSS JOIN opportunities o
GROUP BY COALESCE(o.rep_id, ''), m.month
