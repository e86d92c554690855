-- first_year_loss_rate: of the tenures that started in the same period a calendar year earlier, those that ended less
-- than 365 days after they started.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN MILLIS(started_at, ended_at) < DAYS(365) THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM customer_tenures
WHERE started_at >= :year_before_from AND started_at < :year_before_until

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN MILLIS(started_at, ended_at) < DAYS(365) THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM customer_tenures
WHERE started_at >= :year_before_from AND started_at < :year_before_until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT m.month,
       COUNT(CASE WHEN MILLIS(t.started_at, t.ended_at) < DAYS(365) THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at >= m.year_before_starts AND t.started_at < m.year_before_ends
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN MILLIS(t.started_at, t.ended_at) < DAYS(365) THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.started_at >= :year_before_from AND t.started_at < :year_before_until
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(t.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN MILLIS(t.started_at, t.ended_at) < DAYS(365) THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM MONTHS m
JOIN customer_tenures t ON t.started_at >= m.year_before_starts AND t.started_at < m.year_before_ends
GROUP BY COALESCE(t.rep_id, ''), m.month

-- by rep where segment = enterprise
SELECT COALESCE(t.rep_id, '') AS rep,
       COUNT(CASE WHEN MILLIS(t.started_at, t.ended_at) < DAYS(365) THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM customer_tenures t
JOIN accounts a ON a.id = t.account_id
WHERE t.started_at >= :year_before_from AND t.started_at < :year_before_until AND a.segment = 'enterprise'
GROUP BY COALESCE(t.rep_id, '')
