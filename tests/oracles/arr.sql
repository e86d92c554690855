-- arr: what all that has moved before the end is worth a year: as much as is said, or else twelve times that of a month.
-- value in minor units

-- total
SELECT SUM(COALESCE(annual_change_minor, 12 * change_minor)) AS value
FROM mrr_movements
WHERE moved_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(COALESCE(annual_change_minor, 12 * change_minor)) AS value
FROM mrr_movements
WHERE moved_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
-- What was before the first month, and what moved in each, added up.
SELECT m.month, SUM(c.change) AS value
FROM MONTHS m
JOIN (SELECT CASE WHEN moved_at >= :from THEN MONTH(moved_at) ELSE '' END AS month, SUM(COALESCE(annual_change_minor, 12 * change_minor)) AS change
      FROM mrr_movements
      WHERE moved_at < :until
      GROUP BY 1) c ON c.month <= m.month
GROUP BY m.month

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, m.month, SUM(COALESCE(v.annual_change_minor, 12 * v.change_minor)) AS value
FROM MONTHS m
JOIN mrr_movements v ON v.moved_at < m.ends
GROUP BY COALESCE(v.rep_id, ''), m.month

-- by segment
-- That of the subscription's account.
SELECT COALESCE(a.segment, '') AS segment, SUM(COALESCE(v.annual_change_minor, 12 * v.change_minor)) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
LEFT JOIN accounts a ON a.id = s.account_id
WHERE v.moved_at < :until
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product, SUM(COALESCE(v.annual_change_minor, 12 * v.change_minor)) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
WHERE v.moved_at < :until
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT m.month, SUM(COALESCE(v.annual_change_minor, 12 * v.change_minor)) AS value
FROM MONTHS m
JOIN mrr_movements v ON v.moved_at < m.ends
JOIN subscriptions s ON s.id = v.subscription_id
JOIN accounts a ON a.id = s.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month
