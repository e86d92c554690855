-- goal_completion_rate: visits that completed a goal over visits.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w

-- by rep
SELECT COALESCE(w.rep_id, '') AS rep,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w
GROUP BY COALESCE(w.rep_id, '')

-- by month
SELECT MONTH(started_at) AS month, COUNT(CASE WHEN goal_completed THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM web_sessions
WHERE started_at >= :from AND started_at < :until
GROUP BY MONTH(started_at)

-- by segment
SELECT COALESCE(w.segment, '') AS segment,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w
GROUP BY COALESCE(w.segment, '')

-- by rep, month
SELECT COALESCE(w.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN w.started_at >= m.starts AND w.started_at < m.ends AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= m.starts AND w.started_at < m.ends THEN 1 END) AS denominator
FROM web_sessions w
CROSS JOIN MONTHS m
GROUP BY COALESCE(w.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(w.campaign_id, '') AS campaign,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w
GROUP BY COALESCE(w.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w
LEFT JOIN campaigns k ON k.id = w.campaign_id
GROUP BY COALESCE(k.channel, '')

-- by source
SELECT COALESCE(w.source_id, '') AS source,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w
GROUP BY COALESCE(w.source_id, '')

-- by month where segment = enterprise
SELECT m.month,
       COUNT(CASE WHEN w.started_at >= m.starts AND w.started_at < m.ends AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= m.starts AND w.started_at < m.ends THEN 1 END) AS denominator
FROM web_sessions w
CROSS JOIN MONTHS m
WHERE w.segment = 'enterprise'
GROUP BY m.month

-- by region where source_kind != marketing
SELECT COALESCE(w.region, '') AS region,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until AND w.goal_completed THEN 1 END) AS numerator,
       COUNT(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN 1 END) AS denominator
FROM web_sessions w
LEFT JOIN sources s ON s.id = w.source_id
WHERE COALESCE(s.kind, '') <> 'marketing'
GROUP BY COALESCE(w.region, '')
