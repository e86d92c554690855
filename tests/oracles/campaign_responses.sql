-- campaign_responses: answers to campaigns.
-- value in ones

-- total
SELECT COUNT(CASE WHEN r.responded_at >= :from AND r.responded_at < :until THEN 1 END) AS value
FROM campaign_responses r

-- by rep
SELECT COALESCE(r.rep_id, '') AS rep,
       COUNT(CASE WHEN r.responded_at >= :from AND r.responded_at < :until THEN 1 END) AS value
FROM campaign_responses r
GROUP BY COALESCE(r.rep_id, '')

-- by month
SELECT m.month, COUNT(CASE WHEN r.responded_at >= m.starts AND r.responded_at < m.ends THEN 1 END) AS value
FROM campaign_responses r
CROSS JOIN MONTHS m
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN r.responded_at >= :from AND r.responded_at < :until THEN 1 END) AS value
FROM campaign_responses r
LEFT JOIN accounts a ON a.id = r.account_id
GROUP BY COALESCE(a.segment, '')

-- by campaign
SELECT COALESCE(r.campaign_id, '') AS campaign,
       COUNT(CASE WHEN r.responded_at >= :from AND r.responded_at < :until THEN 1 END) AS value
FROM campaign_responses r
GROUP BY COALESCE(r.campaign_id, '')

-- by channel, month
SELECT COALESCE(k.channel, '') AS channel, m.month,
       COUNT(CASE WHEN r.responded_at >= m.starts AND r.responded_at < m.ends THEN 1 END) AS value
FROM campaign_responses r
LEFT JOIN campaigns k ON k.id = r.campaign_id
CROSS JOIN MONTHS m
GROUP BY COALESCE(k.channel, ''), m.month

-- by month where segment = enterprise
SELECT m.month, COUNT(CASE WHEN r.responded_at >= m.starts AND r.responded_at < m.ends THEN 1 END) AS value
FROM campaign_responses r
LEFT JOIN accounts a ON a.id = r.account_id
CROSS JOIN MONTHS m
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- by rep where campaign = spring
SELECT COALESCE(r.rep_id, '') AS rep,
       COUNT(CASE WHEN r.responded_at >= :from AND r.responded_at < :until THEN 1 END) AS value
FROM campaign_responses r
WHERE r.campaign_id = 'spring'
GROUP BY COALESCE(r.rep_id, '')

-- by rep where channel = email|social
SELECT COALESCE(r.rep_id, '') AS rep,
       COUNT(CASE WHEN r.responded_at >= :from AND r.responded_at < :until THEN 1 END) AS value
FROM campaign_responses r
LEFT JOIN campaigns k ON k.id = r.campaign_id
WHERE k.channel IN ('email', 'social')
GROUP BY COALESCE(r.rep_id, '')
