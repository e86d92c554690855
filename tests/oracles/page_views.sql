-- page_views: pages seen in visits to the website.
-- value in ones

-- total
SELECT SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w

-- by rep
SELECT COALESCE(w.rep_id, '') AS rep,
       SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
GROUP BY COALESCE(w.rep_id, '')

-- by month
SELECT MONTH(started_at) AS month, SUM(page_views) AS value
FROM web_sessions
WHERE started_at >= :from AND started_at < :until
GROUP BY MONTH(started_at)

-- by segment
SELECT COALESCE(w.segment, '') AS segment,
       SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
GROUP BY COALESCE(w.segment, '')

-- by rep, month
SELECT COALESCE(w.rep_id, '') AS rep, m.month,
       SUM(CASE WHEN w.started_at >= m.starts AND w.started_at < m.ends THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
CROSS JOIN MONTHS m
GROUP BY COALESCE(w.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(w.campaign_id, '') AS campaign,
       SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
GROUP BY COALESCE(w.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
LEFT JOIN campaigns k ON k.id = w.campaign_id
GROUP BY COALESCE(k.channel, '')

-- by source
SELECT COALESCE(w.source_id, '') AS source,
       SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
GROUP BY COALESCE(w.source_id, '')

-- by month where segment = enterprise
SELECT m.month,
       SUM(CASE WHEN w.started_at >= m.starts AND w.started_at < m.ends THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
CROSS JOIN MONTHS m
WHERE w.segment = 'enterprise'
GROUP BY m.month

-- by region where source_kind != marketing
SELECT COALESCE(w.region, '') AS region,
       SUM(CASE WHEN w.started_at >= :from AND w.started_at < :until THEN w.page_views ELSE 0 END) AS value
FROM web_sessions w
LEFT JOIN sources s ON s.id = w.source_id
WHERE COALESCE(s.kind, '') <> 'marketing'
GROUP BY COALESCE(w.region, '')
