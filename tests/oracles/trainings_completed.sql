-- trainings_completed: product trainings, by the time they were completed, with or without a quiz.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM training_results t
WHERE t.completed_at >= :from AND t.completed_at < :until

-- by rep
SELECT COALESCE(t.rep_id, '') AS rep, COUNT(*) AS value
FROM training_results t
WHERE t.completed_at >= :from AND t.completed_at < :until
GROUP BY COALESCE(t.rep_id, '')

-- by month
SELECT MONTH(t.completed_at) AS month, COUNT(*) AS value
FROM training_results t
WHERE t.completed_at >= :from AND t.completed_at < :until
GROUP BY MONTH(t.completed_at)

-- by rep, month
SELECT COALESCE(t.rep_id, '') AS rep, MONTH(t.completed_at) AS month, COUNT(*) AS value
FROM training_results t
WHERE t.completed_at >= :from AND t.completed_at < :until
GROUP BY COALESCE(t.rep_id, ''), MONTH(t.completed_at)

-- by segment
SELECT COALESCE(r.segment, '') AS segment, COUNT(*) AS value
FROM training_results t
LEFT JOIN reps r ON r.id = t.rep_id
WHERE t.completed_at >= :from AND t.completed_at < :until
GROUP BY COALESCE(r.segment, '')

-- by product
SELECT COALESCE(t.product_id, '') AS product, COUNT(*) AS value
FROM training_results t
WHERE t.completed_at >= :from AND t.completed_at < :until
GROUP BY COALESCE(t.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(t.completed_at) AS month, COUNT(*) AS value
FROM training_results t
JOIN reps r ON r.id = t.rep_id
WHERE t.completed_at >= :from AND t.completed_at < :until AND r.segment = 'enterprise'
GROUP BY MONTH(t.completed_at)

-- by rep where product = p1
SELECT COALESCE(t.rep_id, '') AS rep, COUNT(*) AS value
FROM training_results t
WHERE t.completed_at >= :from AND t.completed_at < :until AND t.product_id = 'p1'
GROUP BY COALESCE(t.rep_id, '')
