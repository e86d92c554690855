-- sales_velocity: won value over the average sales cycle, which is
-- won value x wins with a first contact / the days from first contact to close of those wins. Per day.
-- numerator in minor units, denominator in milliseconds

-- total
SELECT SUM(amount_minor) * COUNT(first_contact_at) AS numerator,
       SUM(MILLIS(first_contact_at, closed_at)) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       SUM(amount_minor) * COUNT(first_contact_at) AS numerator,
       SUM(MILLIS(first_contact_at, closed_at)) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month,
       SUM(amount_minor) * COUNT(first_contact_at) AS numerator,
       SUM(MILLIS(first_contact_at, closed_at)) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(o.amount_minor) * COUNT(o.first_contact_at) AS numerator,
       SUM(MILLIS(o.first_contact_at, o.closed_at)) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(o.amount_minor) * COUNT(o.first_contact_at) AS numerator,
       SUM(MILLIS(o.first_contact_at, o.closed_at)) AS denominator
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, '')
