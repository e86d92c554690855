-- cases_opened: by the time of opening.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at >= :from AND c.opened_at < :until

-- by rep
SELECT COALESCE(c.rep_id, '') AS rep, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at >= :from AND c.opened_at < :until
GROUP BY COALESCE(c.rep_id, '')

-- by month
SELECT MONTH(c.opened_at) AS month, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at >= :from AND c.opened_at < :until
GROUP BY MONTH(c.opened_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.opened_at >= :from AND c.opened_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(c.rep_id, '') AS rep, MONTH(c.opened_at) AS month, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at >= :from AND c.opened_at < :until
GROUP BY COALESCE(c.rep_id, ''), MONTH(c.opened_at)

-- by month where segment = enterprise
SELECT MONTH(c.opened_at) AS month, COUNT(*) AS value
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.opened_at >= :from AND c.opened_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(c.opened_at)

-- by priority
SELECT COALESCE(c.priority, '') AS priority, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at >= :from AND c.opened_at < :until
GROUP BY COALESCE(c.priority, '')

-- by case_kind
SELECT COALESCE(c.kind, '') AS case_kind, COUNT(*) AS value
FROM service_cases c
WHERE c.opened_at >= :from AND c.opened_at < :until
GROUP BY COALESCE(c.kind, '')
