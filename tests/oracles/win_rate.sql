-- win_rate: won over won and lost, by count and close time.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(CASE WHEN status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, COUNT(CASE WHEN status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN o.status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status IN ('won', 'lost') AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where product != p1
SELECT COALESCE(rep_id, '') AS rep, COUNT(CASE WHEN status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities
WHERE status IN ('won', 'lost') AND closed_at >= :from AND closed_at < :until AND COALESCE(product_id, '') <> 'p1'
GROUP BY COALESCE(rep_id, '')

-- by month where segment = enterprise
SELECT MONTH(o.closed_at) AS month, COUNT(CASE WHEN o.status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status IN ('won', 'lost') AND o.closed_at >= :from AND o.closed_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(o.closed_at)

-- by segment, region
SELECT COALESCE(a.segment, '') AS segment, COALESCE(a.region, '') AS region,
       COUNT(CASE WHEN o.status = 'won' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status IN ('won', 'lost') AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, ''), COALESCE(a.region, '')
