-- trial_conversion_rate: of the trials that ended, as planned or broken off before, those whose subscription lasted longer.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep, SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.trial_over) AS month, SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until
GROUP BY MONTH(s.trial_over)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.trial_over) AS month, SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.trial_over)

-- by month where segment = enterprise
SELECT MONTH(s.trial_over) AS month, SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
LEFT JOIN accounts a ON a.id = s.account_id
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until AND a.segment = 'enterprise'
GROUP BY MONTH(s.trial_over)

-- by product
SELECT COALESCE(s.product_id, '') AS product, SUM(CASE WHEN s.ended_at IS NULL OR s.ended_at > s.trial_ends_at THEN 1 ELSE 0 END) AS numerator, COUNT(*) AS denominator
FROM (SELECT t.*, CASE WHEN ended_at < trial_ends_at THEN ended_at ELSE trial_ends_at END AS trial_over FROM subscriptions t) s
WHERE s.trial_ends_at IS NOT NULL AND s.trial_over >= :from AND s.trial_over < :until
GROUP BY COALESCE(s.product_id, '')
