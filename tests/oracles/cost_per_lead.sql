-- cost_per_lead: the part of the marketing and sales costs that falls in the period, over the leads
-- created in it.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT 0 AS cost, 1 AS leads
    FROM leads l
    WHERE l.created_at >= :from AND l.created_at < :until
) facts

-- by rep
SELECT rep, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.rep_id, '') AS rep, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(l.rep_id, '') AS rep, 0 AS cost, 1 AS leads
    FROM leads l
    WHERE l.created_at >= :from AND l.created_at < :until
) facts
GROUP BY rep

-- by month
SELECT month, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS leads
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT m.month AS month, 0 AS cost, 1 AS leads
    FROM leads l
    CROSS JOIN MONTHS m
    WHERE l.created_at >= m.starts AND l.created_at < m.ends
) facts
GROUP BY month

-- by rep, month
SELECT rep, month, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.rep_id, '') AS rep, m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS leads
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(l.rep_id, '') AS rep, m.month AS month, 0 AS cost, 1 AS leads
    FROM leads l
    CROSS JOIN MONTHS m
    WHERE l.created_at >= m.starts AND l.created_at < m.ends
) facts
GROUP BY rep, month

-- by segment
SELECT segment, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.segment, '') AS segment, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(l.segment, '') AS segment, 0 AS cost, 1 AS leads
    FROM leads l
    WHERE l.created_at >= :from AND l.created_at < :until
) facts
GROUP BY segment

-- by campaign
SELECT campaign, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.campaign_id, '') AS campaign, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(l.campaign_id, '') AS campaign, 0 AS cost, 1 AS leads
    FROM leads l
    WHERE l.created_at >= :from AND l.created_at < :until
) facts
GROUP BY campaign

-- by channel
SELECT channel, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.channel, '') AS channel, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(k.channel, '') AS channel, 0 AS cost, 1 AS leads
    FROM leads l
    LEFT JOIN campaigns k ON k.id = l.campaign_id
    WHERE l.created_at >= :from AND l.created_at < :until
) facts
GROUP BY channel

-- by source_kind, month
SELECT source_kind, month, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(s.kind, '') AS source_kind, m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS leads
    FROM costs c
    LEFT JOIN sources s ON s.id = c.source_id
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(s.kind, '') AS source_kind, m.month AS month, 0 AS cost, 1 AS leads
    FROM leads l
    LEFT JOIN sources s ON s.id = l.source_id
    CROSS JOIN MONTHS m
    WHERE l.created_at >= m.starts AND l.created_at < m.ends
) facts
GROUP BY source_kind, month

-- by month where segment = enterprise
SELECT month, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS leads
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales') AND c.segment = 'enterprise'
    UNION ALL
    SELECT m.month AS month, 0 AS cost, 1 AS leads
    FROM leads l
    CROSS JOIN MONTHS m
    WHERE l.created_at >= m.starts AND l.created_at < m.ends AND l.segment = 'enterprise'
) facts
GROUP BY month

-- by rep where campaign = spring|webinar
SELECT rep, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.rep_id, '') AS rep, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales') AND c.campaign_id IN ('spring', 'webinar')
    UNION ALL
    SELECT COALESCE(l.rep_id, '') AS rep, 0 AS cost, 1 AS leads
    FROM leads l
    WHERE l.created_at >= :from AND l.created_at < :until AND l.campaign_id IN ('spring', 'webinar')
) facts
GROUP BY rep

-- by source where channel = ''
SELECT source, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT COALESCE(c.source_id, '') AS source, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales') AND COALESCE(c.channel, '') = ''
    UNION ALL
    SELECT COALESCE(l.source_id, '') AS source, 0 AS cost, 1 AS leads
    FROM leads l
    LEFT JOIN campaigns k ON k.id = l.campaign_id
    WHERE l.created_at >= :from AND l.created_at < :until AND COALESCE(k.channel, '') = ''
) facts
GROUP BY source

-- by team
WITH RECURSIVE below (team, member) AS (
    SELECT id, id FROM teams
    UNION
    SELECT below.team, teams.id FROM below JOIN teams ON teams.parent_id = below.member
)
SELECT team, SUM(cost) AS numerator, SUM(leads) AS denominator
FROM (
    SELECT below.team AS team, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    JOIN reps r ON r.id = c.rep_id
    JOIN below ON below.member = r.team_id
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(r.team_id, '') AS team, SPREAD(c, :from, :until) AS cost, 0 AS leads
    FROM costs c
    LEFT JOIN reps r ON r.id = c.rep_id
    LEFT JOIN teams t ON t.id = r.team_id
    WHERE c.kind IN ('marketing', 'sales') AND t.id IS NULL
    UNION ALL
    SELECT below.team AS team, 0 AS cost, 1 AS leads
    FROM leads l
    JOIN reps r ON r.id = l.rep_id
    JOIN below ON below.member = r.team_id
    WHERE l.created_at >= :from AND l.created_at < :until
    UNION ALL
    SELECT COALESCE(r.team_id, '') AS team, 0 AS cost, 1 AS leads
    FROM leads l
    LEFT JOIN reps r ON r.id = l.rep_id
    LEFT JOIN teams t ON t.id = r.team_id
    WHERE l.created_at >= :from AND l.created_at < :until AND t.id IS NULL
) facts
GROUP BY team
