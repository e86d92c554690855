-- pipeline_value: the amounts of the opportunities that are open at the end.
-- value in minor units

-- total
SELECT SUM(amount_minor) AS value
FROM DEALS o
WHERE (created_at IS NULL OR created_at < :until) AND (closed_at IS NULL OR closed_at >= :until)

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS value
FROM DEALS o
WHERE (created_at IS NULL OR created_at < :until) AND (closed_at IS NULL OR closed_at >= :until)
GROUP BY COALESCE(rep_id, '')

-- by month
-- What was before the first month, and what moved in each, added up.
SELECT m.month, SUM(c.change) AS value
FROM MONTHS m
JOIN (SELECT month, SUM(change) AS change
      FROM (SELECT CASE WHEN created_at >= :from THEN MONTH(created_at) ELSE '' END AS month, amount_minor AS change
            FROM DEALS o
            WHERE (created_at IS NULL OR created_at < :until)
              AND (closed_at IS NULL OR (closed_at >= :from AND (created_at IS NULL OR created_at < closed_at)))
            UNION ALL
            SELECT MONTH(closed_at), -amount_minor
            FROM DEALS o
            WHERE closed_at >= :from AND closed_at < :until AND (created_at IS NULL OR created_at < closed_at)) moves
      GROUP BY month) c ON c.month <= m.month
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS value
FROM DEALS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, m.month, SUM(o.amount_minor) AS value
FROM MONTHS m
JOIN DEALS o
  ON (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
GROUP BY COALESCE(o.rep_id, ''), m.month

-- by stage
-- The stage that the deal is in at the end; none for a deal that is in no stay then.
SELECT COALESCE(s.stage_id, '') AS stage, SUM(o.amount_minor) AS value
FROM DEALS o
LEFT JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY COALESCE(s.stage_id, '')

-- by rep, stage
SELECT COALESCE(o.rep_id, '') AS rep, COALESCE(s.stage_id, '') AS stage, SUM(o.amount_minor) AS value
FROM DEALS o
LEFT JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY COALESCE(o.rep_id, ''), COALESCE(s.stage_id, '')

-- by stage, month
SELECT COALESCE(s.stage_id, '') AS stage, m.month, SUM(o.amount_minor) AS value
FROM MONTHS m
JOIN DEALS o
  ON (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
LEFT JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < m.ends) AND (s.left_at IS NULL OR s.left_at >= m.ends)
GROUP BY COALESCE(s.stage_id, ''), m.month

-- by month where segment = enterprise
SELECT m.month, SUM(o.amount_minor) AS value
FROM MONTHS m
JOIN DEALS o
  ON (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
JOIN accounts a ON a.id = o.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- by rep where stage = ''
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor) AS value
FROM DEALS o
LEFT JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND COALESCE(s.stage_id, '') = ''
GROUP BY COALESCE(o.rep_id, '')

-- by team
WITH RECURSIVE below (team, member) AS (
    SELECT id, id FROM teams
    UNION
    SELECT below.team, teams.id FROM below JOIN teams ON teams.parent_id = below.member
)
SELECT below.team AS team, SUM(o.amount_minor) AS value
FROM DEALS o
JOIN reps r ON r.id = o.rep_id
JOIN below ON below.member = r.team_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY below.team
UNION ALL
SELECT COALESCE(r.team_id, '') AS team, SUM(o.amount_minor) AS value
FROM DEALS o
LEFT JOIN reps r ON r.id = o.rep_id
LEFT JOIN teams t ON t.id = r.team_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND t.id IS NULL
GROUP BY COALESCE(r.team_id, '')
