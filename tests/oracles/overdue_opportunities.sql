-- overdue_opportunities: open at the end, and expected to close before the last day.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM DEALS o
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND CAST(o.expected_close_on AS TEXT) < :last_day

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep, COUNT(*) AS value
FROM DEALS o
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND CAST(o.expected_close_on AS TEXT) < :last_day
GROUP BY COALESCE(o.rep_id, '')

-- by month
SELECT m.month, COUNT(*) AS value
FROM DEALS o
CROSS JOIN MONTHS m
WHERE (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
  AND CAST(o.expected_close_on AS TEXT) < m.last_day
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM DEALS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND CAST(o.expected_close_on AS TEXT) < :last_day
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month, COUNT(*) AS value
FROM DEALS o
CROSS JOIN MONTHS m
WHERE (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
  AND CAST(o.expected_close_on AS TEXT) < m.last_day
GROUP BY COALESCE(o.rep_id, ''), m.month

-- by month where segment = enterprise
SELECT m.month, COUNT(*) AS value
FROM DEALS o
LEFT JOIN accounts a ON a.id = o.account_id
CROSS JOIN MONTHS m
WHERE (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
  AND CAST(o.expected_close_on AS TEXT) < m.last_day AND a.segment = 'enterprise'
GROUP BY m.month

-- by pipeline
SELECT COALESCE(o.pipeline_id, '') AS pipeline, COUNT(*) AS value
FROM DEALS o
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND CAST(o.expected_close_on AS TEXT) < :last_day
GROUP BY COALESCE(o.pipeline_id, '')

-- by forecast_category
SELECT COALESCE(o.forecast_category, '') AS forecast_category, COUNT(*) AS value
FROM DEALS o
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND CAST(o.expected_close_on AS TEXT) < :last_day
GROUP BY COALESCE(o.forecast_category, '')
