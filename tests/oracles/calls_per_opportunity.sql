-- calls_per_opportunity: calls made on opportunities over the different opportunities called on. A call without an
-- opportunity is no part of it; one that is not on record is.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(*) AS numerator, COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> ''

-- by rep
SELECT COALESCE(v.rep_id, '') AS rep, COUNT(*) AS numerator, COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> ''
GROUP BY COALESCE(v.rep_id, '')

-- by month
SELECT MONTH(v.occurred_at) AS month, COUNT(*) AS numerator, COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> ''
GROUP BY MONTH(v.occurred_at)

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, MONTH(v.occurred_at) AS month,
       COUNT(*) AS numerator,
       COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> ''
GROUP BY COALESCE(v.rep_id, ''), MONTH(v.occurred_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(*) AS numerator,
       COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
LEFT JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> ''
GROUP BY COALESCE(a.segment, '')

-- by activity_kind
SELECT COALESCE(v.kind, '') AS activity_kind,
       COUNT(*) AS numerator,
       COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> ''
GROUP BY COALESCE(v.kind, '')

-- by month where segment = enterprise
SELECT MONTH(v.occurred_at) AS month, COUNT(*) AS numerator, COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
JOIN accounts a ON a.id = v.account_id
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> '' AND a.segment = 'enterprise'
GROUP BY MONTH(v.occurred_at)

-- by rep where activity_kind = call
SELECT COALESCE(v.rep_id, '') AS rep, COUNT(*) AS numerator, COUNT(DISTINCT v.opportunity_id) AS denominator
FROM activities v
WHERE v.occurred_at >= :from AND v.occurred_at < :until
  AND v.kind = 'call' AND v.direction = 'outbound' AND v.opportunity_id <> '' AND v.kind = 'call'
GROUP BY COALESCE(v.rep_id, '')
