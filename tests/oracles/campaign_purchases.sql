-- campaign_purchases: orders that are credited to a campaign; an empty text is none. Refunds are no orders.
-- value in ones

-- total
SELECT COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''
GROUP BY COALESCE(o.rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, COUNT(*) AS value
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until AND campaign_id <> '' AND amount_minor >= 0 AND COALESCE(refund_of, '') = ''
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN o.ordered_at >= m.starts AND o.ordered_at < m.ends THEN 1 END) AS value
FROM orders o
CROSS JOIN MONTHS m
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''
GROUP BY COALESCE(o.rep_id, ''), m.month

-- by campaign
SELECT COALESCE(o.campaign_id, '') AS campaign,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''
GROUP BY COALESCE(o.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
LEFT JOIN campaigns k ON k.id = o.campaign_id
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''
GROUP BY COALESCE(k.channel, '')

-- by product
SELECT COALESCE(o.product_id, '') AS product,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> ''
GROUP BY COALESCE(o.product_id, '')

-- by month where segment = enterprise
SELECT m.month, COUNT(CASE WHEN o.ordered_at >= m.starts AND o.ordered_at < m.ends THEN 1 END) AS value
FROM orders o
LEFT JOIN accounts a ON a.id = o.account_id
CROSS JOIN MONTHS m
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> '' AND a.segment = 'enterprise'
GROUP BY m.month

-- by rep where campaign = spring|expo
SELECT COALESCE(o.rep_id, '') AS rep,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> '' AND o.campaign_id IN ('spring', 'expo')
GROUP BY COALESCE(o.rep_id, '')

-- by campaign where channel = ''
SELECT COALESCE(o.campaign_id, '') AS campaign,
       COUNT(CASE WHEN o.ordered_at >= :from AND o.ordered_at < :until THEN 1 END) AS value
FROM orders o
LEFT JOIN campaigns k ON k.id = o.campaign_id
WHERE o.amount_minor >= 0 AND COALESCE(o.refund_of, '') = '' AND o.campaign_id <> '' AND COALESCE(k.channel, '') = ''
GROUP BY COALESCE(o.campaign_id, '')
