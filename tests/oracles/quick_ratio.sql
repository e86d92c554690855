-- quick_ratio: what accounts gained, from the end of one day to that of the next, to what they lost.
-- numerator in minor units, denominator in minor units

-- total
SELECT SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until
      GROUP BY 1, 2) days

-- by rep
SELECT rep, SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT COALESCE(v.rep_id, '') AS rep, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until
      GROUP BY 1, 2, 3) days
GROUP BY rep

-- by month
SELECT SUBSTR(day, 1, 7) AS month, SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until
      GROUP BY 1, 2) days
GROUP BY SUBSTR(day, 1, 7)

-- by segment
SELECT segment, SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT COALESCE(a.segment, '') AS segment, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until
      GROUP BY 1, 2, 3) days
GROUP BY segment

-- by rep, month
SELECT rep, SUBSTR(day, 1, 7) AS month, SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT COALESCE(v.rep_id, '') AS rep, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until
      GROUP BY 1, 2, 3) days
GROUP BY rep, SUBSTR(day, 1, 7)

-- by product
SELECT product, SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT COALESCE(s.product_id, '') AS product, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until
      GROUP BY 1, 2, 3) days
GROUP BY product

-- by month where segment = enterprise
SELECT SUBSTR(day, 1, 7) AS month, SUM(CASE WHEN change > 0 THEN change ELSE 0 END) AS numerator,
       SUM(CASE WHEN change < 0 THEN -change ELSE 0 END) AS denominator
FROM (SELECT CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, DAY(v.moved_at) AS day, SUM(v.change_minor) AS change
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at >= :from AND v.moved_at < :until AND a.segment = 'enterprise'
      GROUP BY 1, 2) days
GROUP BY SUBSTR(day, 1, 7)
