-- same_day_closures: of the cases handled, those that were opened on the calendar day (here in UTC) they were
-- resolved on.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)

-- by rep
SELECT COALESCE(c.rep_id, '') AS rep, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY COALESCE(c.rep_id, '')

-- by month
SELECT MONTH(c.resolved_at) AS month, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY MONTH(c.resolved_at)

-- by rep, month
SELECT COALESCE(c.rep_id, '') AS rep, MONTH(c.resolved_at) AS month, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY COALESCE(c.rep_id, ''), MONTH(c.resolved_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM service_cases c
LEFT JOIN accounts a ON a.id = c.account_id
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY COALESCE(a.segment, '')

-- by case_kind
SELECT COALESCE(c.kind, '') AS case_kind, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY COALESCE(c.kind, '')

-- by channel
SELECT COALESCE(c.channel, '') AS channel, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY COALESCE(c.channel, '')

-- by product
SELECT COALESCE(c.product_id, '') AS product, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until AND DAY(c.opened_at) = DAY(c.resolved_at)
GROUP BY COALESCE(c.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(c.resolved_at) AS month, COUNT(*) AS value
FROM service_cases c
JOIN accounts a ON a.id = c.account_id
WHERE c.resolved_at >= :from AND c.resolved_at < :until
  AND DAY(c.opened_at) = DAY(c.resolved_at) AND a.segment = 'enterprise'
GROUP BY MONTH(c.resolved_at)

-- by rep where channel = phone
SELECT COALESCE(c.rep_id, '') AS rep, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
  AND DAY(c.opened_at) = DAY(c.resolved_at) AND c.channel = 'phone'
GROUP BY COALESCE(c.rep_id, '')

-- by rep where case_kind = complaint
SELECT COALESCE(c.rep_id, '') AS rep, COUNT(*) AS value
FROM service_cases c
WHERE c.resolved_at >= :from AND c.resolved_at < :until
  AND DAY(c.opened_at) = DAY(c.resolved_at) AND c.kind = 'complaint'
GROUP BY COALESCE(c.rep_id, '')
