-- sales_cycle_length: first contact to close, of opportunities won; those without a first contact do not count.
-- numerator in milliseconds, denominator in ones

-- total
SELECT SUM(MILLIS(first_contact_at, closed_at)) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until AND first_contact_at IS NOT NULL

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(MILLIS(first_contact_at, closed_at)) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until AND first_contact_at IS NOT NULL
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, SUM(MILLIS(first_contact_at, closed_at)) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until AND first_contact_at IS NOT NULL
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(MILLIS(o.first_contact_at, o.closed_at)) AS numerator, COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND o.first_contact_at IS NOT NULL
GROUP BY COALESCE(a.segment, '')

-- by rep where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(MILLIS(o.first_contact_at, o.closed_at)) AS numerator, COUNT(*) AS denominator
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND o.first_contact_at IS NOT NULL
  AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, '')

-- by product
SELECT COALESCE(product_id, '') AS product,
       SUM(MILLIS(first_contact_at, closed_at)) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until AND first_contact_at IS NOT NULL
GROUP BY COALESCE(product_id, '')
