-- outreach_activities: cold calls and cold e-mails: those that reps made or sent to somebody who is no customer.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting

-- by rep
SELECT COALESCE(v.rep_id, '') AS rep, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting
GROUP BY COALESCE(v.rep_id, '')

-- by month
SELECT MONTH(v.occurred_at) AS month, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting
GROUP BY MONTH(v.occurred_at)

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, MONTH(v.occurred_at) AS month, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting
GROUP BY COALESCE(v.rep_id, ''), MONTH(v.occurred_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM activities v
LEFT JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting
GROUP BY COALESCE(a.segment, '')

-- by activity_kind
SELECT COALESCE(v.kind, '') AS activity_kind, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting
GROUP BY COALESCE(v.kind, '')

-- by month where segment = enterprise
SELECT MONTH(v.occurred_at) AS month, COUNT(*) AS value
FROM activities v
JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting AND a.segment = 'enterprise'
GROUP BY MONTH(v.occurred_at)

-- by rep where activity_kind = call
SELECT COALESCE(v.rep_id, '') AS rep, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('call', 'email') AND v.direction = 'outbound' AND v.prospecting AND v.kind = 'call'
GROUP BY COALESCE(v.rep_id, '')
