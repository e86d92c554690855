-- proposals_sent: by sending time, credited to who sent them.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM proposals
WHERE sent_at >= :from AND sent_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM proposals
WHERE sent_at >= :from AND sent_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(sent_at) AS month, COUNT(*) AS value
FROM proposals
WHERE sent_at >= :from AND sent_at < :until
GROUP BY MONTH(sent_at)

-- by rep where segment = enterprise
SELECT COALESCE(p.rep_id, '') AS rep, COUNT(*) AS value
FROM proposals p
JOIN opportunities o ON o.id = p.opportunity_id
JOIN accounts a ON a.id = o.account_id
WHERE p.sent_at >= :from AND p.sent_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(p.rep_id, '')

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM proposals p
LEFT JOIN opportunities o ON o.id = p.opportunity_id
LEFT JOIN accounts a ON a.id = o.account_id
WHERE p.sent_at >= :from AND p.sent_at < :until
GROUP BY COALESCE(a.segment, '')

-- by month where source = ''
SELECT MONTH(p.sent_at) AS month, COUNT(*) AS value
FROM proposals p
LEFT JOIN opportunities o ON o.id = p.opportunity_id
WHERE p.sent_at >= :from AND p.sent_at < :until AND COALESCE(o.source_id, '') = ''
GROUP BY MONTH(p.sent_at)
