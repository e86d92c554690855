-- mql_conversion_rate: leads converted that had been qualified, by conversion time, over leads qualified, by
-- qualification time.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l

-- by rep
SELECT COALESCE(l.rep_id, '') AS rep,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l
GROUP BY COALESCE(l.rep_id, '')

-- by month
SELECT month, SUM(numerator) AS numerator, SUM(denominator) AS denominator
FROM (SELECT MONTH(converted_at) AS month, COUNT(*) AS numerator, 0 AS denominator
      FROM leads
      WHERE converted_at >= :from AND converted_at < :until AND qualified_at IS NOT NULL
      GROUP BY MONTH(converted_at)
      UNION ALL
      SELECT MONTH(qualified_at), 0, COUNT(*)
      FROM leads
      WHERE qualified_at >= :from AND qualified_at < :until
      GROUP BY MONTH(qualified_at)) events
GROUP BY month

-- by segment
SELECT COALESCE(l.segment, '') AS segment,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l
GROUP BY COALESCE(l.segment, '')

-- by rep, month
SELECT COALESCE(l.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= m.starts AND l.qualified_at < m.ends THEN 1 END) AS denominator
FROM leads l
CROSS JOIN MONTHS m
GROUP BY COALESCE(l.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(l.campaign_id, '') AS campaign,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l
GROUP BY COALESCE(l.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l
LEFT JOIN campaigns k ON k.id = l.campaign_id
GROUP BY COALESCE(k.channel, '')

-- by source_kind
SELECT COALESCE(s.kind, '') AS source_kind,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l
LEFT JOIN sources s ON s.id = l.source_id
GROUP BY COALESCE(s.kind, '')

-- by month where segment = enterprise
SELECT m.month,
       COUNT(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= m.starts AND l.qualified_at < m.ends THEN 1 END) AS denominator
FROM leads l
CROSS JOIN MONTHS m
WHERE l.segment = 'enterprise'
GROUP BY m.month

-- by rep where campaign = spring|webinar
SELECT COALESCE(l.rep_id, '') AS rep,
       COUNT(CASE WHEN l.converted_at >= :from AND l.converted_at < :until AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= :from AND l.qualified_at < :until THEN 1 END) AS denominator
FROM leads l
WHERE l.campaign_id IN ('spring', 'webinar')
GROUP BY COALESCE(l.rep_id, '')

-- by source, month where channel = email
SELECT COALESCE(l.source_id, '') AS source, m.month,
       COUNT(CASE WHEN l.converted_at >= m.starts AND l.converted_at < m.ends AND l.qualified_at IS NOT NULL THEN 1 END) AS numerator,
       COUNT(CASE WHEN l.qualified_at >= m.starts AND l.qualified_at < m.ends THEN 1 END) AS denominator
FROM leads l
LEFT JOIN campaigns k ON k.id = l.campaign_id
CROSS JOIN MONTHS m
WHERE k.channel = 'email'
GROUP BY COALESCE(l.source_id, ''), m.month
