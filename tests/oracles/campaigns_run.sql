-- campaigns_run: campaigns that ran at any time: started before the end (or at an unknown time) and not ended before
-- the start. One that ends at or before its start never ran.
-- value in ones

-- total
SELECT COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k

-- by rep
SELECT COALESCE(k.rep_id, '') AS rep,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
GROUP BY COALESCE(k.rep_id, '')

-- by month
SELECT m.month,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < m.ends)
                   AND (k.ends_at IS NULL OR k.ends_at >= m.starts)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
CROSS JOIN MONTHS m
GROUP BY m.month

-- by rep, month
SELECT COALESCE(k.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < m.ends)
                   AND (k.ends_at IS NULL OR k.ends_at >= m.starts)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
CROSS JOIN MONTHS m
GROUP BY COALESCE(k.rep_id, ''), m.month

-- by segment
SELECT COALESCE(k.segment, '') AS segment,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
GROUP BY COALESCE(k.segment, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
GROUP BY COALESCE(k.channel, '')

-- by campaign
SELECT COALESCE(k.id, '') AS campaign,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
GROUP BY COALESCE(k.id, '')

-- by source_kind
SELECT COALESCE(s.kind, '') AS source_kind,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
LEFT JOIN sources s ON s.id = k.source_id
GROUP BY COALESCE(s.kind, '')

-- by month where segment = enterprise
SELECT m.month,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < m.ends)
                   AND (k.ends_at IS NULL OR k.ends_at >= m.starts)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
CROSS JOIN MONTHS m
WHERE k.segment = 'enterprise'
GROUP BY m.month

-- by rep where channel = email
SELECT COALESCE(k.rep_id, '') AS rep,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < :until)
                   AND (k.ends_at IS NULL OR k.ends_at >= :from)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
WHERE k.channel = 'email'
GROUP BY COALESCE(k.rep_id, '')

-- by month where campaign = spring|webinar|expo
SELECT m.month,
       COUNT(CASE WHEN (k.starts_at IS NULL OR k.starts_at < m.ends)
                   AND (k.ends_at IS NULL OR k.ends_at >= m.starts)
                   AND (k.starts_at IS NULL OR k.ends_at IS NULL OR k.starts_at < k.ends_at) THEN 1 END) AS value
FROM campaigns k
CROSS JOIN MONTHS m
WHERE k.id IN ('spring', 'webinar', 'expo')
GROUP BY m.month
