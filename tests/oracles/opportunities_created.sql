-- opportunities_created: by creation time. One without a creation time was never created in any period.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM opportunities
WHERE created_at >= :from AND created_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE created_at >= :from AND created_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(created_at) AS month, COUNT(*) AS value
FROM opportunities
WHERE created_at >= :from AND created_at < :until
GROUP BY MONTH(created_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.created_at >= :from AND o.created_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(o.created_at) AS month, COUNT(*) AS value
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.created_at >= :from AND o.created_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(o.created_at)

-- by rep where account = ''
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE created_at >= :from AND created_at < :until AND COALESCE(account_id, '') = ''
GROUP BY COALESCE(rep_id, '')

-- by source
SELECT COALESCE(source_id, '') AS source, COUNT(*) AS value
FROM opportunities
WHERE created_at >= :from AND created_at < :until
GROUP BY COALESCE(source_id, '')
