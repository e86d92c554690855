-- service_calls_per_day: calls to the service desk over the calendar days of the period.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(*) AS numerator, MILLIS(:from, :until) / DAYS(1) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep, COUNT(*) AS numerator, MILLIS(:from, :until) / DAYS(1) AS denominator
FROM service_calls l
WHERE l.offered_at >= :from AND l.offered_at < :until
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT m.month, COUNT(l.id) AS numerator, MILLIS(m.starts, m.ends) / DAYS(1) AS denominator
FROM MONTHS m
LEFT JOIN service_calls l ON l.offered_at >= m.starts AND l.offered_at < m.ends
GROUP BY m.month, m.starts, m.ends

-- by rep, month
-- A rep with a call in the period has a row for each of its months.
SELECT g.rep, m.month, COUNT(l.id) AS numerator, MILLIS(m.starts, m.ends) / DAYS(1) AS denominator
FROM MONTHS m
CROSS JOIN (SELECT DISTINCT COALESCE(rep_id, '') AS rep FROM service_calls
            WHERE offered_at >= :from AND offered_at < :until) g
LEFT JOIN service_calls l
  ON COALESCE(l.rep_id, '') = g.rep AND l.offered_at >= m.starts AND l.offered_at < m.ends
GROUP BY g.rep, m.month, m.starts, m.ends

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS numerator, MILLIS(:from, :until) / DAYS(1) AS denominator
FROM service_calls l
LEFT JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT m.month, COUNT(l.id) AS numerator, MILLIS(m.starts, m.ends) / DAYS(1) AS denominator
FROM MONTHS m
LEFT JOIN (SELECT l.id, l.offered_at FROM service_calls l
           JOIN accounts a ON a.id = l.account_id
           WHERE a.segment = 'enterprise') l
  ON l.offered_at >= m.starts AND l.offered_at < m.ends
GROUP BY m.month, m.starts, m.ends

-- total where segment = smb
SELECT COUNT(*) AS numerator, MILLIS(:from, :until) / DAYS(1) AS denominator
FROM service_calls l
JOIN accounts a ON a.id = l.account_id
WHERE l.offered_at >= :from AND l.offered_at < :until AND a.segment = 'smb'
