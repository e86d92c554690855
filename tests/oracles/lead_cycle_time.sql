-- lead_cycle_time: the time from creation to conversion of the leads converted, over their number.
-- numerator in milliseconds, denominator in ones

-- total
SELECT SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep,
       SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT MONTH(converted_at) AS month, SUM(MILLIS(created_at, converted_at)) AS numerator, COUNT(*) AS denominator
FROM leads
WHERE converted_at >= :from AND converted_at < :until
GROUP BY MONTH(converted_at)

-- by segment
SELECT COALESCE(l.segment, '') AS segment,
       SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l
GROUP BY COALESCE(l.segment, '')

-- by rep, month
SELECT COALESCE(l.rep_id, '') AS rep, m.month,
       SUM(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends THEN 1 END) AS denominator
FROM leads l
CROSS JOIN MONTHS m
GROUP BY COALESCE(l.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(l.campaign_id, '') AS campaign,
       SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l
GROUP BY COALESCE(l.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l
LEFT JOIN campaigns k ON k.id = l.campaign_id
GROUP BY COALESCE(k.channel, '')

-- by source_kind
SELECT COALESCE(s.kind, '') AS source_kind,
       SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l
LEFT JOIN sources s ON s.id = l.source_id
GROUP BY COALESCE(s.kind, '')

-- by month where segment = enterprise
SELECT m.month,
       SUM(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends THEN 1 END) AS denominator
FROM leads l
CROSS JOIN MONTHS m
WHERE l.segment = 'enterprise'
GROUP BY m.month

-- by rep where campaign = spring|webinar
SELECT COALESCE(l.rep_id, '') AS rep,
       SUM(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until THEN 1 END) AS denominator
FROM leads l
WHERE l.campaign_id IN ('spring', 'webinar')
GROUP BY COALESCE(l.rep_id, '')

-- by source, month where channel = email
SELECT COALESCE(l.source_id, '') AS source, m.month,
       SUM(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends THEN MILLIS(l.created_at, l.converted_at) ELSE 0 END) AS numerator,
       COUNT(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends THEN 1 END) AS denominator
FROM leads l
LEFT JOIN campaigns k ON k.id = l.campaign_id
CROSS JOIN MONTHS m
WHERE k.channel = 'email'
GROUP BY COALESCE(l.source_id, ''), m.month
