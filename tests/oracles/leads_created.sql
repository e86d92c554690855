-- leads_created: leads by the time of their creation.
-- value in ones

-- total
SELECT COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep,
       COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT MONTH(created_at) AS month, COUNT(*) AS value
FROM leads
WHERE created_at >= :from AND created_at < :until
GROUP BY MONTH(created_at)

-- by segment
SELECT COALESCE(l.segment, '') AS segment,
       COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l
GROUP BY COALESCE(l.segment, '')

-- by rep, month
SELECT COALESCE(l.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN l.created_at >= m.starts AND l.created_at < m.ends THEN 1 END) AS value
FROM leads l
CROSS JOIN MONTHS m
GROUP BY COALESCE(l.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(l.campaign_id, '') AS campaign,
       COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l
GROUP BY COALESCE(l.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l
LEFT JOIN campaigns k ON k.id = l.campaign_id
GROUP BY COALESCE(k.channel, '')

-- by source_kind
SELECT COALESCE(s.kind, '') AS source_kind,
       COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l
LEFT JOIN sources s ON s.id = l.source_id
GROUP BY COALESCE(s.kind, '')

-- by month where segment = enterprise
SELECT m.month, COUNT(CASE WHEN l.created_at >= m.starts AND l.created_at < m.ends THEN 1 END) AS value
FROM leads l
CROSS JOIN MONTHS m
WHERE l.segment = 'enterprise'
GROUP BY m.month

-- by rep where campaign = spring|webinar
SELECT COALESCE(l.rep_id, '') AS rep,
       COUNT(CASE WHEN l.created_at >= :from AND l.created_at < :until THEN 1 END) AS value
FROM leads l
WHERE l.campaign_id IN ('spring', 'webinar')
GROUP BY COALESCE(l.rep_id, '')

-- by source, month where channel = email
SELECT COALESCE(l.source_id, '') AS source, m.month,
       COUNT(CASE WHEN l.created_at >= m.starts AND l.created_at < m.ends THEN 1 END) AS value
FROM leads l
LEFT JOIN campaigns k ON k.id = l.campaign_id
CROSS JOIN MONTHS m
WHERE k.channel = 'email'
GROUP BY COALESCE(l.source_id, ''), m.month

-- by team
WITH RECURSIVE below (team, member) AS (
    SELECT id, id FROM teams
    UNION
    SELECT below.team, teams.id FROM below JOIN teams ON teams.parent_id = below.member
)
SELECT below.team AS team, COUNT(*) AS value
FROM leads l
JOIN reps r ON r.id = l.rep_id
JOIN below ON below.member = r.team_id
WHERE l.created_at >= :from AND l.created_at < :until
GROUP BY below.team
UNION ALL
SELECT COALESCE(r.team_id, '') AS team, COUNT(*) AS value
FROM leads l
LEFT JOIN reps r ON r.id = l.rep_id
LEFT JOIN teams t ON t.id = r.team_id
WHERE l.created_at >= :from AND l.created_at < :until AND t.id IS NULL
GROUP BY COALESCE(r.team_id, '')
