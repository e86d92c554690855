-- total_sales: what was sold, by order time. Refunds are negative orders.
-- value in minor units

-- total
SELECT SUM(amount_minor) AS value
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS value
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, SUM(amount_minor) AS value
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY MONTH(ordered_at)

-- by rep, month where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep, MONTH(o.ordered_at) AS month, SUM(o.amount_minor) AS value
FROM ORDERS o
JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, ''), MONTH(o.ordered_at)

-- total where segment = ''
-- Orders without an account, of an account that is not on record, or of one without a segment.
SELECT SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND COALESCE(a.segment, '') = ''

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by team
-- A team has the sales of everyone in it and below it; a rep whose team is not on record still names it.
WITH RECURSIVE below (team, member) AS (
    SELECT id, id FROM teams
    UNION
    SELECT below.team, teams.id FROM below JOIN teams ON teams.parent_id = below.member
)
SELECT below.team AS team, SUM(o.amount_minor) AS value
FROM ORDERS o
JOIN reps r ON r.id = o.rep_id
JOIN below ON below.member = r.team_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY below.team
UNION ALL
SELECT COALESCE(r.team_id, '') AS team, SUM(o.amount_minor) AS value
FROM ORDERS o
LEFT JOIN reps r ON r.id = o.rep_id
LEFT JOIN teams t ON t.id = r.team_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND t.id IS NULL
GROUP BY COALESCE(r.team_id, '')
