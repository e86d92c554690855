-- trials_started: subscriptions that begin as a trial, by their start.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM subscriptions s
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep, COUNT(*) AS value
FROM subscriptions s
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.started_at) AS month, COUNT(*) AS value
FROM subscriptions s
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until
GROUP BY MONTH(s.started_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM subscriptions s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.started_at) AS month, COUNT(*) AS value
FROM subscriptions s
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.started_at)

-- by month where segment = enterprise
SELECT MONTH(s.started_at) AS month, COUNT(*) AS value
FROM subscriptions s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(s.started_at)

-- by product
SELECT COALESCE(s.product_id, '') AS product, COUNT(*) AS value
FROM subscriptions s
WHERE s.trial_ends_at IS NOT NULL AND s.started_at >= :from AND s.started_at < :until
GROUP BY COALESCE(s.product_id, '')
