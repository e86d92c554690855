-- win_rate_by_creation: of the deals created and decided, those won.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
WHERE o.created_at >= :from AND o.created_at < :until

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY COALESCE(o.rep_id, '')

-- by month
SELECT MONTH(o.created_at) AS month, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY MONTH(o.created_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, MONTH(o.created_at) AS month, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY COALESCE(o.rep_id, ''), MONTH(o.created_at)

-- by month where segment = enterprise
SELECT MONTH(o.created_at) AS month, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.created_at >= :from AND o.created_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(o.created_at)

-- by pipeline
SELECT COALESCE(o.pipeline_id, '') AS pipeline, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY COALESCE(o.pipeline_id, '')

-- by sale_type
SELECT COALESCE(o.sale_type, '') AS sale_type, SUM(CASE WHEN o.status = 'won' THEN 1 ELSE 0 END) AS numerator,
       SUM(CASE WHEN o.status IN ('won', 'lost') THEN 1 ELSE 0 END) AS denominator
FROM opportunities o
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY COALESCE(o.sale_type, '')
