-- new_mrr: recurring value of accounts that never had any before. What an account is worth is looked at
-- at the end of each day; a subscription of no account stands for one.
-- value in minor units

-- total
SELECT SUM(change) AS value
FROM (SELECT moved_at, change,
             SUM(change) OVER (PARTITION BY account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0

-- by rep
SELECT rep, SUM(change) AS value
FROM (SELECT rep, moved_at, change,
             SUM(change) OVER (PARTITION BY rep, account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY rep, account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(v.rep_id, '') AS rep, COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3, 4) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0
GROUP BY rep

-- by month
SELECT month, SUM(change) AS value
FROM (SELECT MONTH(moved_at) AS month, moved_at, change,
             SUM(change) OVER (PARTITION BY account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0
GROUP BY month

-- by segment
SELECT segment, SUM(change) AS value
FROM (SELECT segment, moved_at, change,
             SUM(change) OVER (PARTITION BY segment, account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY segment, account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(a.segment, '') AS segment, COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            LEFT JOIN accounts a ON a.id = s.account_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3, 4) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0
GROUP BY segment

-- by product
SELECT product, SUM(change) AS value
FROM (SELECT product, moved_at, change,
             SUM(change) OVER (PARTITION BY product, account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY product, account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(s.product_id, '') AS product, COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3, 4) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0
GROUP BY product

-- by month where segment = enterprise
SELECT month, SUM(change) AS value
FROM (SELECT MONTH(moved_at) AS month, moved_at, change,
             SUM(change) OVER (PARTITION BY account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            LEFT JOIN accounts a ON a.id = s.account_id
            WHERE v.moved_at < :until AND a.segment = 'enterprise'
            GROUP BY 1, 2, 3) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0
GROUP BY month

-- by rep where product != p1
SELECT rep, SUM(change) AS value
FROM (SELECT rep, moved_at, change,
             SUM(change) OVER (PARTITION BY rep, account, subscription ORDER BY moved_at) AS worth,
             MAX(most) OVER (PARTITION BY rep, account, subscription ORDER BY moved_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
      FROM (SELECT COALESCE(v.rep_id, '') AS rep, COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   DAY(v.moved_at) AS day, MIN(v.moved_at) AS moved_at, SUM(v.change_minor) AS change,
                   MAX(v.change_minor) AS most
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until AND COALESCE(s.product_id, '') <> 'p1'
            GROUP BY 1, 2, 3, 4) days) moves
WHERE moved_at >= :from AND change > 0 AND worth - change <= 0 AND COALESCE(had, 0) <= 0
GROUP BY rep
