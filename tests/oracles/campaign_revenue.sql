-- campaign_revenue: the amount of the orders that are credited to a campaign.
-- value in minor units

-- total
SELECT SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
WHERE o.campaign_id <> ''

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
WHERE o.campaign_id <> ''
GROUP BY COALESCE(o.rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, SUM(amount_minor) AS value
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until AND campaign_id <> ''
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.campaign_id <> ''
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month,
       SUM(CASE WHEN o.ordered_at >= m.starts AND o.ordered_at < m.ends THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
CROSS JOIN MONTHS m
WHERE o.campaign_id <> ''
GROUP BY COALESCE(o.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(o.campaign_id, '') AS campaign,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
WHERE o.campaign_id <> ''
GROUP BY COALESCE(o.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
LEFT JOIN campaigns k ON k.id = o.campaign_id
WHERE o.campaign_id <> ''
GROUP BY COALESCE(k.channel, '')

-- by product
SELECT COALESCE(o.product_id, '') AS product,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
WHERE o.campaign_id <> ''
GROUP BY COALESCE(o.product_id, '')

-- by month where segment = enterprise
SELECT m.month,
       SUM(CASE WHEN o.ordered_at >= m.starts AND o.ordered_at < m.ends THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
CROSS JOIN MONTHS m
WHERE o.campaign_id <> '' AND a.segment = 'enterprise'
GROUP BY m.month

-- by rep where campaign = spring|expo
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
WHERE o.campaign_id <> '' AND o.campaign_id IN ('spring', 'expo')
GROUP BY COALESCE(o.rep_id, '')

-- by campaign where channel = ''
SELECT COALESCE(o.campaign_id, '') AS campaign,
       SUM(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN o.amount_minor ELSE 0 END) AS value
FROM ORDERS o
LEFT JOIN campaigns k ON k.id = o.campaign_id
WHERE o.campaign_id <> '' AND COALESCE(k.channel, '') = ''
GROUP BY COALESCE(o.campaign_id, '')
