-- personalized_outreach: e-mails and messages that reps wrote for their one recipient.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized

-- by rep
SELECT COALESCE(v.rep_id, '') AS rep, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized
GROUP BY COALESCE(v.rep_id, '')

-- by month
SELECT MONTH(v.occurred_at) AS month, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized
GROUP BY MONTH(v.occurred_at)

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, MONTH(v.occurred_at) AS month, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized
GROUP BY COALESCE(v.rep_id, ''), MONTH(v.occurred_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM activities v
LEFT JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized
GROUP BY COALESCE(a.segment, '')

-- by activity_kind
SELECT COALESCE(v.kind, '') AS activity_kind, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized
GROUP BY COALESCE(v.kind, '')

-- by month where segment = enterprise
SELECT MONTH(v.occurred_at) AS month, COUNT(*) AS value
FROM activities v
JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized AND a.segment = 'enterprise'
GROUP BY MONTH(v.occurred_at)

-- by rep where activity_kind = message
SELECT COALESCE(v.rep_id, '') AS rep, COUNT(*) AS value
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind IN ('email', 'message') AND v.direction = 'outbound' AND v.personalized AND v.kind = 'message'
GROUP BY COALESCE(v.rep_id, '')
