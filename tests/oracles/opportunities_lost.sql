-- opportunities_lost: by close time.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM opportunities
WHERE status = 'lost' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE status = 'lost' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, COUNT(*) AS value
FROM opportunities
WHERE status = 'lost' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'lost' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by loss_reason
SELECT COALESCE(loss_reason, '') AS loss_reason, COUNT(*) AS value
FROM opportunities
WHERE status = 'lost' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(loss_reason, '')

-- by rep where loss_reason = price
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE status = 'lost' AND closed_at >= :from AND closed_at < :until AND loss_reason = 'price'
GROUP BY COALESCE(rep_id, '')

-- by rep, loss_reason where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep, COALESCE(o.loss_reason, '') AS loss_reason, COUNT(*) AS value
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'lost' AND o.closed_at >= :from AND o.closed_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, ''), COALESCE(o.loss_reason, '')
