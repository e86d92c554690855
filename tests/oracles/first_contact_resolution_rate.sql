-- first_contact_resolution_rate: of the cases resolved, those that took nothing after the first response.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until

-- by rep
SELECT COALESCE(c.rep_id, '') AS rep, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.rep_id, '')

-- by month
SELECT MONTH(c.resolved_at) AS month, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY MONTH(c.resolved_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(c.rep_id, '') AS rep, MONTH(c.resolved_at) AS month, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.rep_id, ''), MONTH(c.resolved_at)

-- by month where segment = enterprise
SELECT MONTH(c.resolved_at) AS month, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(c.resolved_at)

-- by priority
SELECT COALESCE(c.priority, '') AS priority, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.priority, '')

-- by case_kind
SELECT COALESCE(c.kind, '') AS case_kind, SUM(CASE WHEN c.first_response_at >= c.resolved_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.kind, '')
