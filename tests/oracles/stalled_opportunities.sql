-- stalled_opportunities: open at the end, and then longer in the stage that they are in than its expected days.
-- Credited to the deal's owner. A stage without expected days, or a stay without a beginning, never stalls.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id AND s.entered_at < :until AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND MILLIS(s.entered_at, :until) > DAYS(st.expected_days)

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep, COUNT(*) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id AND s.entered_at < :until AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND MILLIS(s.entered_at, :until) > DAYS(st.expected_days)
GROUP BY COALESCE(o.rep_id, '')

-- by month
-- First the stays that may be live at a month's end, and that are longer than expected.
WITH stays AS MATERIALIZED (
    SELECT s.entered_at, s.left_at, o.created_at, o.closed_at, st.expected_days
    FROM opportunity_stages s
    JOIN stages st ON st.id = s.stage_id
    JOIN DEALS o ON o.id = s.opportunity_id
    WHERE s.entered_at < :until
      AND (s.left_at IS NULL OR (s.left_at >= :from AND MILLIS(s.entered_at, s.left_at) > DAYS(st.expected_days)))
      AND (o.closed_at IS NULL OR o.closed_at >= :from)
)
SELECT m.month, COUNT(*) AS value
FROM MONTHS m
JOIN stays s
  ON s.entered_at < m.ends AND (s.left_at IS NULL OR s.left_at >= m.ends)
  AND (s.created_at IS NULL OR s.created_at < m.ends) AND (s.closed_at IS NULL OR s.closed_at >= m.ends)
  AND MILLIS(s.entered_at, m.ends) > DAYS(s.expected_days)
GROUP BY m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM DEALS o
LEFT JOIN accounts a ON a.id = o.account_id
JOIN opportunity_stages s
  ON s.opportunity_id = o.id AND s.entered_at < :until AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND MILLIS(s.entered_at, :until) > DAYS(st.expected_days)
GROUP BY COALESCE(a.segment, '')

-- by stage
SELECT s.stage_id AS stage, COUNT(*) AS value
FROM DEALS o
JOIN opportunity_stages s
  ON s.opportunity_id = o.id AND s.entered_at < :until AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND MILLIS(s.entered_at, :until) > DAYS(st.expected_days)
GROUP BY s.stage_id

-- by stage, month
SELECT s.stage_id AS stage, m.month, COUNT(*) AS value
FROM MONTHS m
JOIN DEALS o
  ON (o.created_at IS NULL OR o.created_at < m.ends) AND (o.closed_at IS NULL OR o.closed_at >= m.ends)
JOIN opportunity_stages s
  ON s.opportunity_id = o.id AND s.entered_at < m.ends AND (s.left_at IS NULL OR s.left_at >= m.ends)
JOIN stages st ON st.id = s.stage_id
WHERE MILLIS(s.entered_at, m.ends) > DAYS(st.expected_days)
GROUP BY s.stage_id, m.month

-- by rep where segment = enterprise
SELECT COALESCE(o.rep_id, '') AS rep, COUNT(*) AS value
FROM DEALS o
JOIN accounts a ON a.id = o.account_id
JOIN opportunity_stages s
  ON s.opportunity_id = o.id AND s.entered_at < :until AND (s.left_at IS NULL OR s.left_at >= :until)
JOIN stages st ON st.id = s.stage_id
WHERE (o.created_at IS NULL OR o.created_at < :until) AND (o.closed_at IS NULL OR o.closed_at >= :until)
  AND MILLIS(s.entered_at, :until) > DAYS(st.expected_days)
  AND a.segment = 'enterprise'
GROUP BY COALESCE(o.rep_id, '')
