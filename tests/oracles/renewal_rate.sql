-- renewal_rate: of the renewals that fell due, those that were made, whenever that was.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(renewed_at) AS numerator, COUNT(*) AS denominator
FROM renewals
WHERE due_at >= :from AND due_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(renewed_at) AS numerator, COUNT(*) AS denominator
FROM renewals
WHERE due_at >= :from AND due_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(due_at) AS month, COUNT(renewed_at) AS numerator, COUNT(*) AS denominator
FROM renewals
WHERE due_at >= :from AND due_at < :until
GROUP BY MONTH(due_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(v.renewed_at) AS numerator, COUNT(*) AS denominator
FROM renewals v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
LEFT JOIN accounts a ON a.id = s.account_id
WHERE v.due_at >= :from AND v.due_at < :until
GROUP BY COALESCE(a.segment, '')

-- by product
SELECT COALESCE(s.product_id, '') AS product, COUNT(v.renewed_at) AS numerator, COUNT(*) AS denominator
FROM renewals v
LEFT JOIN subscriptions s ON s.id = v.subscription_id
WHERE v.due_at >= :from AND v.due_at < :until
GROUP BY COALESCE(s.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(v.due_at) AS month, COUNT(v.renewed_at) AS numerator, COUNT(*) AS denominator
FROM renewals v
JOIN subscriptions s ON s.id = v.subscription_id
JOIN accounts a ON a.id = s.account_id
WHERE v.due_at >= :from AND v.due_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(v.due_at)
