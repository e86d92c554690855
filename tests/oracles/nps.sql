-- nps: a hundred times the answers of 9 and 10 less those of 0 to 6, over the answers on the scale from 0 to 10.
-- numerator in ones, denominator in ones

-- total
SELECT 100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.answered_at) AS month,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10
GROUP BY MONTH(s.answered_at)

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.answered_at) AS month,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.answered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(s.answered_at) AS month,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10 AND a.segment = 'enterprise'
GROUP BY MONTH(s.answered_at)

-- by rep where product = p1
SELECT COALESCE(s.rep_id, '') AS rep,
       100 * (COUNT(CASE WHEN s.score BETWEEN 9 AND 10 THEN 1 END)
              - COUNT(CASE WHEN s.score BETWEEN 0 AND 6 THEN 1 END)) AS numerator,
       COUNT(*) AS denominator
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'nps' AND s.score BETWEEN 0 AND 10 AND s.product_id = 'p1'
GROUP BY COALESCE(s.rep_id, '')
