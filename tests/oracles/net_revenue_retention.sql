-- net_revenue_retention: what the recurring value at the start has become by all movements of the period but those
-- of new customers.
-- numerator in minor units, denominator in minor units

-- total
SELECT SUM(CASE WHEN moved_at < :from THEN change_minor
                WHEN moved_at < :until AND kind <> 'new' THEN change_minor END) AS numerator,
       SUM(CASE WHEN moved_at < :from THEN change_minor END) AS denominator
FROM mrr_movements

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       SUM(CASE WHEN moved_at < :from THEN change_minor
                WHEN moved_at < :until AND kind <> 'new' THEN change_minor END) AS numerator,
       SUM(CASE WHEN moved_at < :from THEN change_minor END) AS denominator
FROM mrr_movements
GROUP BY COALESCE(rep_id, '')

-- by month
-- What was before the first month, and what moved in each, added up.
SELECT m.month,
       SUM(CASE WHEN c.month < m.month THEN c.change ELSE c.kept END) AS numerator,
       SUM(CASE WHEN c.month < m.month THEN c.change END) AS denominator
FROM MONTHS m
JOIN (SELECT CASE WHEN moved_at >= :from THEN MONTH(moved_at) ELSE '' END AS month,
             SUM(change_minor) AS change, SUM(CASE WHEN kind <> 'new' THEN change_minor END) AS kept
      FROM mrr_movements
      WHERE moved_at < :until
      GROUP BY 1) c ON c.month <= m.month
GROUP BY m.month

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, m.month,
       SUM(CASE WHEN v.moved_at < m.starts THEN v.change_minor
                WHEN v.moved_at < m.ends AND v.kind <> 'new' THEN v.change_minor END) AS numerator,
       SUM(CASE WHEN v.moved_at < m.starts THEN v.change_minor END) AS denominator
FROM MONTHS m
CROSS JOIN mrr_movements v
GROUP BY COALESCE(v.rep_id, ''), m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(CASE WHEN v.moved_at < :from THEN v.change_minor
                WHEN v.moved_at < :until AND v.kind <> 'new' THEN v.change_minor END) AS numerator,
       SUM(CASE WHEN v.moved_at < :from THEN v.change_minor END) AS denominator
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
LEFT JOIN accounts a ON a.id = s.account_id
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product,
       SUM(CASE WHEN v.moved_at < :from THEN v.change_minor
                WHEN v.moved_at < :until AND v.kind <> 'new' THEN v.change_minor END) AS numerator,
       SUM(CASE WHEN v.moved_at < :from THEN v.change_minor END) AS denominator
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT m.month,
       SUM(CASE WHEN v.moved_at < m.starts THEN v.change_minor
                WHEN v.moved_at < m.ends AND v.kind <> 'new' THEN v.change_minor END) AS numerator,
       SUM(CASE WHEN v.moved_at < m.starts THEN v.change_minor END) AS denominator
FROM MONTHS m
CROSS JOIN mrr_movements v
JOIN subscriptions s ON s.id = v.subscription_id
JOIN accounts a ON a.id = s.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month
