-- weighted_pipeline_value: the amounts of the opportunities that are open at the end, each times the probability (in
-- basis points) of the stage that it is in then. A deal in no known stage adds nothing.
-- value in minor units x 10000

-- total
SELECT SUM(o.amount_minor * st.probability_bp) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor * st.probability_bp) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY COALESCE(o.rep_id, '')

-- by month
-- First the stays that may be live at a month's end.
WITH stays AS MATERIALIZED (
    SELECT s.entered_at, s.left_at, o.created_at, o.closed_at, o.amount_minor * st.probability_bp AS worth
    FROM opportunity_stages s
    JOIN stages st ON st.id = s.stage_id
    JOIN DEALS o ON o.id = s.opportunity_id
    WHERE (o.closed_at IS NULL OR o.closed_at >= :from) AND (s.left_at IS NULL OR s.left_at >= :from)
      AND (o.created_at IS NULL OR o.created_at < :until) AND (s.entered_at IS NULL OR s.entered_at < :until)
)
SELECT m.month, SUM(s.worth) AS value
FROM MONTHS m
JOIN stays s
  ON (s.created_at IS NULL OR s.created_at < m.ends) AND (s.closed_at IS NULL OR s.closed_at >= m.ends)
  AND (s.entered_at IS NULL OR s.entered_at < m.ends) AND (s.left_at IS NULL OR s.left_at >= m.ends)
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor * st.probability_bp) AS value
FROM DEALS o
LEFT JOIN accounts a ON a.id = o.account_id
JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY COALESCE(a.segment, '')

-- by stage
SELECT s.stage_id AS stage, SUM(o.amount_minor * st.probability_bp) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY s.stage_id

-- by rep, stage
SELECT COALESCE(o.rep_id, '') AS rep, s.stage_id AS stage, SUM(o.amount_minor * st.probability_bp) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < :until) AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
GROUP BY COALESCE(o.rep_id, ''), s.stage_id

-- by month where segment = enterprise
SELECT m.month, SUM(o.amount_minor * st.probability_bp) AS value
FROM MONTHS m
JOIN DEALS o
  ON (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
JOIN opportunity_stages s
  ON s.opportunity_id = o.id
  AND (s.entered_at IS NULL OR s.entered_at < m.ends) AND (s.left_at IS NULL OR s.left_at >= m.ends)
JOIN stages st ON st.id = s.stage_id
JOIN accounts a ON a.id = o.account_id
WHERE a.segment = 'enterprise'
GROUP BY m.month
