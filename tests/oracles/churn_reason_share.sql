-- churn_reason_share: tenures that end for a reason over all that end, under the same other filters and in the same
-- other groups.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(*) AS numerator, COUNT(*) AS denominator
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS numerator, COUNT(*) AS denominator
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ended_at) AS month, COUNT(*) AS numerator, COUNT(*) AS denominator
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY MONTH(ended_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS numerator, COUNT(*) AS denominator
FROM customer_tenures t
LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.ended_at >= :from AND t.ended_at < :until
GROUP BY COALESCE(a.segment, '')

-- by churn_reason
SELECT COALESCE(end_reason, '') AS churn_reason, COUNT(*) AS numerator,
       (SELECT COUNT(*) FROM customer_tenures WHERE ended_at >= :from AND ended_at < :until) AS denominator
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY COALESCE(end_reason, '')

-- by churn_reason where segment = enterprise
SELECT COALESCE(t.end_reason, '') AS churn_reason, COUNT(*) AS numerator,
       (SELECT COUNT(*)
        FROM customer_tenures t
        JOIN accounts a ON a.id = t.account_id
        WHERE t.ended_at >= :from AND t.ended_at < :until AND a.segment = 'enterprise') AS denominator
FROM customer_tenures t
JOIN accounts a ON a.id = t.account_id
WHERE t.ended_at >= :from AND t.ended_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(t.end_reason, '')

-- by segment, churn_reason
-- The whole is that of the segment.
SELECT part.segment, part.churn_reason, part.tenures AS numerator, whole.tenures AS denominator
FROM (SELECT COALESCE(a.segment, '') AS segment, COALESCE(t.end_reason, '') AS churn_reason, COUNT(*) AS tenures
      FROM customer_tenures t
      LEFT JOIN accounts a ON a.id = t.account_id
      WHERE t.ended_at >= :from AND t.ended_at < :until
      GROUP BY COALESCE(a.segment, ''), COALESCE(t.end_reason, '')) part
JOIN (SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS tenures
      FROM customer_tenures t
      LEFT JOIN accounts a ON a.id = t.account_id
      WHERE t.ended_at >= :from AND t.ended_at < :until
      GROUP BY COALESCE(a.segment, '')) whole ON whole.segment = part.segment

-- by rep where churn_reason = price
-- The filter bounds the part, not the whole.
SELECT COALESCE(rep_id, '') AS rep,
       COUNT(CASE WHEN end_reason = 'price' THEN 1 END) AS numerator, COUNT(*) AS denominator
FROM customer_tenures
WHERE ended_at >= :from AND ended_at < :until
GROUP BY COALESCE(rep_id, '')
