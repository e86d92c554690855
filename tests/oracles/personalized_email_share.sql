-- personalized_email_share: the e-mails written for their one recipient over all e-mails that reps sent.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until AND v.kind = 'email' AND v.direction = 'outbound'

-- by rep
SELECT COALESCE(v.rep_id, '') AS rep,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until AND v.kind = 'email' AND v.direction = 'outbound'
GROUP BY COALESCE(v.rep_id, '')

-- by month
SELECT MONTH(v.occurred_at) AS month,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until AND v.kind = 'email' AND v.direction = 'outbound'
GROUP BY MONTH(v.occurred_at)

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, MONTH(v.occurred_at) AS month,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until AND v.kind = 'email' AND v.direction = 'outbound'
GROUP BY COALESCE(v.rep_id, ''), MONTH(v.occurred_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
LEFT JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until AND v.kind = 'email' AND v.direction = 'outbound'
GROUP BY COALESCE(a.segment, '')

-- by activity_kind
SELECT COALESCE(v.kind, '') AS activity_kind,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until AND v.kind = 'email' AND v.direction = 'outbound'
GROUP BY COALESCE(v.kind, '')

-- by month where segment = enterprise
SELECT MONTH(v.occurred_at) AS month,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'email' AND v.direction = 'outbound' AND a.segment = 'enterprise'
GROUP BY MONTH(v.occurred_at)

-- by rep where activity_kind = email
SELECT COALESCE(v.rep_id, '') AS rep,
       COUNT(CASE WHEN v.personalized THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'email' AND v.direction = 'outbound' AND v.kind = 'email'
GROUP BY COALESCE(v.rep_id, '')
