-- customer_effort_score: the answers to the CES question over their number; off its scale from 1 to 7 none counts.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep, SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.answered_at) AS month, SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7
GROUP BY MONTH(s.answered_at)

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.answered_at) AS month,
       SUM(s.score) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.answered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product, SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(s.answered_at) AS month, SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7 AND a.segment = 'enterprise'
GROUP BY MONTH(s.answered_at)

-- by rep where product = p1
SELECT COALESCE(s.rep_id, '') AS rep, SUM(s.score) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'ces' AND s.score BETWEEN 1 AND 7 AND s.product_id = 'p1'
GROUP BY COALESCE(s.rep_id, '')
