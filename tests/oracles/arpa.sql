-- arpa: the recurring value at the end, to the accounts that have any then.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at < :until
      GROUP BY 1) accounts

-- by rep
SELECT rep, SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT COALESCE(v.rep_id, '') AS rep, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at < :until
      GROUP BY 1, 2) accounts
GROUP BY rep

-- by month
SELECT month, SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT m.month AS month, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      CROSS JOIN MONTHS m
      WHERE v.moved_at < m.ends
      GROUP BY 1, 2) accounts
GROUP BY month

-- by segment
SELECT segment, SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT COALESCE(a.segment, '') AS segment, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at < :until
      GROUP BY 1, 2) accounts
GROUP BY segment

-- by rep, month
SELECT rep, month, SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT COALESCE(v.rep_id, '') AS rep, m.month AS month, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      CROSS JOIN MONTHS m
      WHERE v.moved_at < m.ends
      GROUP BY 1, 2, 3) accounts
GROUP BY rep, month

-- by product
SELECT product, SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT COALESCE(s.product_id, '') AS product, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at < :until
      GROUP BY 1, 2) accounts
GROUP BY product

-- by month where segment = enterprise
SELECT month, SUM(worth) AS numerator, SUM(CASE WHEN worth > 0 THEN 1 ELSE 0 END) AS denominator
FROM (SELECT m.month AS month, CASE WHEN COALESCE(s.account_id, '') = '' THEN 'row ' || v.subscription_id ELSE s.account_id END AS account, SUM(v.change_minor) AS worth
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      CROSS JOIN MONTHS m
      WHERE v.moved_at < m.ends AND a.segment = 'enterprise'
      GROUP BY 1, 2) accounts
GROUP BY month
