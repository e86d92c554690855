-- mrr: the monthly recurring value of live subscriptions at the end: all that has moved before it.
-- value in minor units

-- total
SELECT SUM(change_minor) AS value
FROM mrr_movements
WHERE moved_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(change_minor) AS value
FROM mrr_movements
WHERE moved_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
-- What was before the first month, and what moved in each, added up.
SELECT m.month, SUM(c.change) AS value
FROM MONTHS m
JOIN (SELECT CASE WHEN moved_at >= :from THEN MONTH(moved_at) ELSE '' END AS month, SUM(change_minor) AS change
      FROM mrr_movements
      WHERE moved_at < :until
      GROUP BY 1) c ON c.month <= m.month
GROUP BY m.month

-- by rep, month
SELECT COALESCE(v.rep_id, '') AS rep, m.month, SUM(v.change_minor) AS value
FROM MONTHS m
JOIN mrr_movements v ON v.moved_at < m.ends
GROUP BY COALESCE(v.rep_id, ''), m.month

-- by segment
-- That of the subscription's account.
SELECT COALESCE(a.segment, '') AS segment, SUM(v.change_minor) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
LEFT JOIN accounts a ON a.id = s.account_id
WHERE v.moved_at < :until
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product, SUM(v.change_minor) AS value
FROM mrr_movements v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
WHERE v.moved_at < :until
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT m.month, SUM(v.change_minor) AS value
FROM MONTHS m
JOIN mrr_movements v ON v.moved_at < m.ends
JOIN subscriptions s ON s.id = v.subscription_id
JOIN accounts a ON a.id = s.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- by team
WITH RECURSIVE below (team, member) AS (
    SELECT id, id FROM teams
    UNION
    SELECT below.team, teams.id FROM below JOIN teams ON teams.parent_id = below.member
)
SELECT below.team AS team, SUM(v.change_minor) AS value
FROM mrr_movements v
JOIN reps r ON r.id = v.rep_id
JOIN below ON below.member = r.team_id
WHERE v.moved_at < :until
GROUP BY below.team
UNION ALL
SELECT COALESCE(r.team_id, '') AS team, SUM(v.change_minor) AS value
FROM mrr_movements v
LEFT JOIN reps r ON r.id = v.rep_id
LEFT JOIN teams t ON t.id = r.team_id
WHERE v.moved_at < :until AND t.id IS NULL
GROUP BY COALESCE(r.team_id, '')
