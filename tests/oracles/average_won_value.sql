-- average_won_value: what was won per opportunity won.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(amount_minor) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, SUM(amount_minor) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS numerator, COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where segment != enterprise
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor) AS numerator, COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND COALESCE(a.segment, '') <> 'enterprise'
GROUP BY COALESCE(o.rep_id, '')

-- by industry
SELECT COALESCE(a.industry, '') AS industry, SUM(o.amount_minor) AS numerator, COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.industry, '')
