-- average_resolution_time: opened to resolved, of the cases resolved.
-- numerator in milliseconds as hours, denominator in ones

-- total
SELECT SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator, COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until

-- by rep
SELECT COALESCE(c.rep_id, '') AS rep,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.rep_id, '')

-- by month
SELECT MONTH(c.resolved_at) AS month,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY MONTH(c.resolved_at)

-- by rep, month
SELECT COALESCE(c.rep_id, '') AS rep, MONTH(c.resolved_at) AS month,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.rep_id, ''), MONTH(c.resolved_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(a.segment, '')

-- by case_kind
SELECT COALESCE(c.kind, '') AS case_kind,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.kind, '')

-- by channel
SELECT COALESCE(c.channel, '') AS channel,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.channel, '')

-- by product
SELECT COALESCE(c.product_id, '') AS product,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
GROUP BY COALESCE(c.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(c.resolved_at) AS month,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
JOIN accounts a ON a.id = c.account_id
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(c.resolved_at)

-- by rep where channel = phone
SELECT COALESCE(c.rep_id, '') AS rep,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND c.channel = 'phone'
GROUP BY COALESCE(c.rep_id, '')

-- by rep where case_kind = complaint
SELECT COALESCE(c.rep_id, '') AS rep,
       SUM(MILLIS(c.opened_at, c.resolved_at)) AS numerator,
       COUNT(*) AS denominator
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND c.kind = 'complaint'
GROUP BY COALESCE(c.rep_id, '')
