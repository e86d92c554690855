-- new_mrr: recurring value that new customers bring.
-- value in minor units

-- total
SELECT SUM(change_minor) AS value
FROM mrr_movements
WHERE moved_at >= :from AND moved_at < :until AND kind = 'new'

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(change_minor) AS value
FROM mrr_movements
WHERE moved_at >= :from AND moved_at < :until AND kind = 'new'
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(moved_at) AS month, SUM(change_minor) AS value
FROM mrr_movements
WHERE moved_at >= :from AND moved_at < :until AND kind = 'new'
GROUP BY MONTH(moved_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(v.change_minor) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
LEFT JOIN accounts a ON a.id = s.account_id
WHERE v.moved_at >= :from AND v.moved_at < :until AND v.kind = 'new'
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product, SUM(v.change_minor) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
WHERE v.moved_at >= :from AND v.moved_at < :until AND v.kind = 'new'
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(v.moved_at) AS month, SUM(v.change_minor) AS value
FROM mrr_movements v
JOIN subscriptions s ON s.id = v.subscription_id
JOIN accounts a ON a.id = s.account_id
WHERE v.moved_at >= :from AND v.moved_at < :until AND v.kind = 'new' AND a.segment = 'enterprise'
GROUP BY MONTH(v.moved_at)

-- by rep where product != p1
SELECT COALESCE(v.rep_id, '') AS rep, SUM(v.change_minor) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
WHERE v.moved_at >= :from AND v.moved_at < :until AND v.kind = 'new'
  AND COALESCE(s.product_id, '') <> 'p1'
GROUP BY COALESCE(v.rep_id, '')
