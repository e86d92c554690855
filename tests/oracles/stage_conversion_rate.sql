-- stage_conversion_rate: of the stays in a stage that ended in the period, those that moved on to a later stage or won.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until

-- by stage
SELECT COALESCE(stage_id, '') AS stage,
       COUNT(CASE WHEN outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until
GROUP BY COALESCE(stage_id, '')

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(left_at) AS month,
       COUNT(CASE WHEN outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until
GROUP BY MONTH(left_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN s.outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages s
LEFT JOIN opportunities o ON o.id = s.opportunity_id
LEFT JOIN accounts a ON a.id = o.account_id
WHERE s.left_at >= :from AND s.left_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep, stage
SELECT COALESCE(rep_id, '') AS rep, COALESCE(stage_id, '') AS stage,
       COUNT(CASE WHEN outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until
GROUP BY COALESCE(rep_id, ''), COALESCE(stage_id, '')

-- by rep where stage = proposal
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages
WHERE left_at >= :from AND left_at < :until AND stage_id = 'proposal'
GROUP BY COALESCE(rep_id, '')

-- by month where segment != enterprise
SELECT MONTH(s.left_at) AS month,
       COUNT(CASE WHEN s.outcome IN ('advanced', 'won') THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM opportunity_stages s
LEFT JOIN opportunities o ON o.id = s.opportunity_id
LEFT JOIN accounts a ON a.id = o.account_id
WHERE s.left_at >= :from AND s.left_at < :until AND COALESCE(a.segment, '') <> 'enterprise'
GROUP BY MONTH(s.left_at)
