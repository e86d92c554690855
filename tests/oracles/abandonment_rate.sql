-- abandonment_rate: calls lost before an answer over all calls to the service desk.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN l.outcome = 'abandoned' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep,
       COUNT(CASE WHEN l.outcome = 'abandoned' THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT MONTH(l.offered_at) AS month,
       COUNT(CASE WHEN l.outcome = 'abandoned' THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until
GROUP BY MONTH(l.offered_at)

-- by rep, month
SELECT COALESCE(l.rep_id, '') AS rep, MONTH(l.offered_at) AS month,
       COUNT(CASE WHEN l.outcome = 'abandoned' THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until
GROUP BY COALESCE(l.rep_id, ''), MONTH(l.offered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN l.outcome = 'abandoned' THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM service_calls l
LEFT JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(l.offered_at) AS month,
       COUNT(CASE WHEN l.outcome = 'abandoned' THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM service_calls l
JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(l.offered_at)
