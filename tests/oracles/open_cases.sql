-- open_cases: opened before the end and not resolved before it.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at < :until AND (c.resolved_at IS NULL OR (c.resolved_at >= :until AND c.opened_at < c.resolved_at))

-- by rep
SELECT COALESCE(c.rep_id, '') AS rep, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at < :until AND (c.resolved_at IS NULL OR (c.resolved_at >= :until AND c.opened_at < c.resolved_at))
GROUP BY COALESCE(c.rep_id, '')

-- by month
SELECT m.month, COUNT(*) AS value
FROM service_cases c
CROSS JOIN MONTHS m
WHERE c.opened_at < m.ends AND (c.resolved_at IS NULL OR (c.resolved_at >= m.ends AND c.opened_at < c.resolved_at))
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.opened_at < :until AND (c.resolved_at IS NULL OR (c.resolved_at >= :until AND c.opened_at < c.resolved_at))
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(c.rep_id, '') AS rep, m.month, COUNT(*) AS value
FROM service_cases c
CROSS JOIN MONTHS m
WHERE c.opened_at < m.ends AND (c.resolved_at IS NULL OR (c.resolved_at >= m.ends AND c.opened_at < c.resolved_at))
GROUP BY COALESCE(c.rep_id, ''), m.month

-- by month where segment = enterprise
SELECT m.month, COUNT(*) AS value
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
CROSS JOIN MONTHS m
WHERE c.opened_at < m.ends AND (c.resolved_at IS NULL OR (c.resolved_at >= m.ends AND c.opened_at < c.resolved_at)) AND a.segment = 'enterprise'
GROUP BY m.month

-- by priority
SELECT COALESCE(c.priority, '') AS priority, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at < :until AND (c.resolved_at IS NULL OR (c.resolved_at >= :until AND c.opened_at < c.resolved_at))
GROUP BY COALESCE(c.priority, '')

-- by case_kind
SELECT COALESCE(c.kind, '') AS case_kind, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at < :until AND (c.resolved_at IS NULL OR (c.resolved_at >= :until AND c.opened_at < c.resolved_at))
GROUP BY COALESCE(c.kind, '')
