-- customer_satisfaction: answers of 4 and 5 to the CSAT question over all on its scale from 1 to 5.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.answered_at) AS month,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5
GROUP BY MONTH(s.answered_at)

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.answered_at) AS month,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.answered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(s.answered_at) AS month,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5 AND a.segment = 'enterprise'
GROUP BY MONTH(s.answered_at)

-- by rep where product = p1
SELECT COALESCE(s.rep_id, '') AS rep,
       COUNT(CASE WHEN s.score >= 4 THEN 1 END) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'csat' AND s.score BETWEEN 1 AND 5 AND s.product_id = 'p1'
GROUP BY COALESCE(s.rep_id, '')
