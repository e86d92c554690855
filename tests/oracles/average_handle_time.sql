-- average_handle_time: the time of handling answered calls over those whose time is known.
-- numerator in seconds, denominator in ones

-- total
SELECT SUM(l.handle_seconds) AS numerator, COUNT(l.handle_seconds) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.outcome = 'answered'

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep, SUM(l.handle_seconds) AS numerator, COUNT(l.handle_seconds) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.outcome = 'answered'
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT MONTH(l.offered_at) AS month, SUM(l.handle_seconds) AS numerator, COUNT(l.handle_seconds) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.outcome = 'answered'
GROUP BY MONTH(l.offered_at)

-- by rep, month
SELECT COALESCE(l.rep_id, '') AS rep, MONTH(l.offered_at) AS month,
       SUM(l.handle_seconds) AS numerator,
       COUNT(l.handle_seconds) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.outcome = 'answered'
GROUP BY COALESCE(l.rep_id, ''), MONTH(l.offered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(l.handle_seconds) AS numerator,
       COUNT(l.handle_seconds) AS denominator
FROM service_calls l
LEFT JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.outcome = 'answered'
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(l.offered_at) AS month, SUM(l.handle_seconds) AS numerator, COUNT(l.handle_seconds) AS denominator
FROM service_calls l
JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until AND l.outcome = 'answered' AND a.segment = 'enterprise'
GROUP BY MONTH(l.offered_at)
