-- stage_duration: the length of the stays in a stage that ended in the period; those without a beginning do not count.
-- numerator in milliseconds, denominator in ones

-- total
SELECT SUM(MILLIS(entered_at, left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until AND entered_at IS NOT NULL

-- by stage
SELECT COALESCE(stage_id, '') AS stage, SUM(MILLIS(entered_at, left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until AND entered_at IS NOT NULL
GROUP BY COALESCE(stage_id, '')

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(MILLIS(entered_at, left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until AND entered_at IS NOT NULL
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(left_at) AS month, SUM(MILLIS(entered_at, left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until AND entered_at IS NOT NULL
GROUP BY MONTH(left_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(MILLIS(s.entered_at, s.left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages s
LEFT JOIN opportunities o ON o.id = s.opportunity_id
LEFT JOIN accounts a ON a.id = o.account_id
WHERE s.left_at >= :from AND s.left_at < :until AND s.entered_at IS NOT NULL
GROUP BY COALESCE(a.segment, '')

-- by stage where segment = enterprise
SELECT COALESCE(s.stage_id, '') AS stage, SUM(MILLIS(s.entered_at, s.left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages s
JOIN opportunities o ON o.id = s.opportunity_id
JOIN accounts a ON a.id = o.account_id
WHERE s.left_at >= :from AND s.left_at < :until AND s.entered_at IS NOT NULL AND a.segment = 'enterprise'
GROUP BY COALESCE(s.stage_id, '')

-- by rep, stage
SELECT COALESCE(rep_id, '') AS rep, COALESCE(stage_id, '') AS stage,
       SUM(MILLIS(entered_at, left_at)) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until AND entered_at IS NOT NULL
GROUP BY COALESCE(rep_id, ''), COALESCE(stage_id, '')
