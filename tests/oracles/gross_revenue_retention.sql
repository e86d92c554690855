-- gross_revenue_retention: of the accounts with recurring value at the start, what is left of it at the end, at most what
-- each had, over what they had. A subscription of no account stands for one.
-- numerator in minor units, denominator in minor units

-- total
SELECT SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT SUM(CASE WHEN v.moved_at < :from THEN v.change_minor ELSE 0 END) AS at_start,
             SUM(v.change_minor) AS at_end
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      WHERE v.moved_at < :until
      GROUP BY COALESCE(s.account_id, ''), CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END) accounts

-- by rep
SELECT rep,
       SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT COALESCE(v.rep_id, '') AS rep,
             SUM(CASE WHEN v.moved_at < :from THEN v.change_minor ELSE 0 END) AS at_start,
             SUM(v.change_minor) AS at_end
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      WHERE v.moved_at < :until
      GROUP BY COALESCE(v.rep_id, ''), COALESCE(s.account_id, ''), CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END) accounts
GROUP BY rep

-- by month
SELECT month,
       SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT m.month,
             SUM(CASE WHEN c.month < m.month THEN c.change ELSE 0 END) AS at_start, SUM(c.change) AS at_end
      FROM MONTHS m
      JOIN (SELECT COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   CASE WHEN v.moved_at >= :from THEN MONTH(v.moved_at) ELSE '' END AS month,
                   SUM(v.change_minor) AS change
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3) c ON c.month <= m.month
      GROUP BY m.month, c.account, c.subscription) accounts
GROUP BY month

-- by rep, month
SELECT rep, month,
       SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT c.rep, m.month,
             SUM(CASE WHEN c.month < m.month THEN c.change ELSE 0 END) AS at_start, SUM(c.change) AS at_end
      FROM MONTHS m
      JOIN (SELECT COALESCE(v.rep_id, '') AS rep, COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   CASE WHEN v.moved_at >= :from THEN MONTH(v.moved_at) ELSE '' END AS month,
                   SUM(v.change_minor) AS change
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            WHERE v.moved_at < :until
            GROUP BY 1, 2, 3, 4) c ON c.month <= m.month
      GROUP BY c.rep, m.month, c.account, c.subscription) accounts
GROUP BY rep, month

-- by segment
SELECT segment,
       SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT COALESCE(a.segment, '') AS segment,
             SUM(CASE WHEN v.moved_at < :from THEN v.change_minor ELSE 0 END) AS at_start,
             SUM(v.change_minor) AS at_end
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      LEFT JOIN accounts a ON a.id = s.account_id
      WHERE v.moved_at < :until
      GROUP BY COALESCE(a.segment, ''), COALESCE(s.account_id, ''), CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END) accounts
GROUP BY segment

-- by product
SELECT product,
       SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT COALESCE(s.product_id, '') AS product,
             SUM(CASE WHEN v.moved_at < :from THEN v.change_minor ELSE 0 END) AS at_start,
             SUM(v.change_minor) AS at_end
      FROM mrr_movements v
      LEFT JOIN subscriptions s ON s.id = v.subscription_id
      WHERE v.moved_at < :until
      GROUP BY COALESCE(s.product_id, ''), COALESCE(s.account_id, ''), CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END) accounts
GROUP BY product

-- by month where segment = enterprise
SELECT month,
       SUM(CASE WHEN at_start > 0 THEN CASE WHEN at_end < 0 THEN 0 WHEN at_end < at_start THEN at_end ELSE at_start END END) AS numerator,
       SUM(CASE WHEN at_start > 0 THEN at_start END) AS denominator
FROM (SELECT m.month,
             SUM(CASE WHEN c.month < m.month THEN c.change ELSE 0 END) AS at_start, SUM(c.change) AS at_end
      FROM MONTHS m
      JOIN (SELECT COALESCE(s.account_id, '') AS account,
                   CASE WHEN COALESCE(s.account_id, '') = '' THEN v.subscription_id END AS subscription,
                   CASE WHEN v.moved_at >= :from THEN MONTH(v.moved_at) ELSE '' END AS month,
                   SUM(v.change_minor) AS change
            FROM mrr_movements v
            LEFT JOIN subscriptions s ON s.id = v.subscription_id
            LEFT JOIN accounts a ON a.id = s.account_id
            WHERE v.moved_at < :until AND a.segment = 'enterprise'
            GROUP BY 1, 2, 3) c ON c.month <= m.month
      GROUP BY m.month, c.account, c.subscription) accounts
GROUP BY month
