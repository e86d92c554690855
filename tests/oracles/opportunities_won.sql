-- opportunities_won: by close time.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, COUNT(*) AS value
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where segment = enterprise
SELECT MONTH(o.closed_at) AS month, COUNT(*) AS value
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(o.closed_at)

-- by source_kind
SELECT COALESCE(s.kind, '') AS source_kind, COUNT(*) AS value
FROM opportunities o
LEFT JOIN sources s ON s.id = o.source_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(s.kind, '')
