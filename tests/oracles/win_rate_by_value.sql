-- win_rate_by_value: won amount over won and lost amount, by close time. A missing amount adds nothing.
-- numerator in minor units, denominator in minor units

-- total
SELECT SUM(CASE WHEN status = 'won' THEN amount_minor END) AS numerator, SUM(amount_minor) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       SUM(CASE WHEN status = 'won' THEN amount_minor END) AS numerator, SUM(amount_minor) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month,
       SUM(CASE WHEN status = 'won' THEN amount_minor END) AS numerator, SUM(amount_minor) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(CASE WHEN o.status = 'won' THEN o.amount_minor END) AS numerator, SUM(o.amount_minor) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status IN ('won', 'lost') AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(CASE WHEN o.status = 'won' THEN o.amount_minor END) AS numerator, SUM(o.amount_minor) AS denominator
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status IN ('won', 'lost') AND o.closed_at >= :from AND o.closed_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, '')
