-- passives: answers of 7 and 8 to the NPS question, on its scale from 0 to 10.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep, COUNT(*) AS value
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.answered_at) AS month, COUNT(*) AS value
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8
GROUP BY MONTH(s.answered_at)

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.answered_at) AS month, COUNT(*) AS value
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.answered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM survey_answers s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product, COUNT(*) AS value
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(s.answered_at) AS month, COUNT(*) AS value
FROM survey_answers s
JOIN accounts a ON a.id = s.account_id
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8 AND a.segment = 'enterprise'
GROUP BY MONTH(s.answered_at)

-- by rep where product = p1
SELECT COALESCE(s.rep_id, '') AS rep, COUNT(*) AS value
FROM survey_answers s
WHERE s.answered_at >= :from AND s.answered_at < :until
  AND s.kind = 'nps' AND s.score BETWEEN 7 AND 8 AND s.product_id = 'p1'
GROUP BY COALESCE(s.rep_id, '')
