-- customer_referrals: customers' referrals.
-- value in ones

-- total
SELECT COUNT(CASE WHEN r.referred_at >= :from AND r.referred_at < :until THEN 1 END) AS value
FROM referrals r

-- by rep
SELECT COALESCE(r.rep_id, '') AS rep,
       COUNT(CASE WHEN r.referred_at >= :from AND r.referred_at < :until THEN 1 END) AS value
FROM referrals r
GROUP BY COALESCE(r.rep_id, '')

-- by month
SELECT m.month, COUNT(CASE WHEN r.referred_at >= m.starts AND r.referred_at < m.ends THEN 1 END) AS value
FROM referrals r
CROSS JOIN MONTHS m
GROUP BY m.month

-- by rep, month
SELECT COALESCE(r.rep_id, '') AS rep, m.month,
       COUNT(CASE WHEN r.referred_at >= m.starts AND r.referred_at < m.ends THEN 1 END) AS value
FROM referrals r
CROSS JOIN MONTHS m
GROUP BY COALESCE(r.rep_id, ''), m.month

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       COUNT(CASE WHEN r.referred_at >= :from AND r.referred_at < :until THEN 1 END) AS value
FROM referrals r
LEFT JOIN accounts a ON a.id = r.account_id
GROUP BY COALESCE(a.segment, '')

-- by region
SELECT COALESCE(a.region, '') AS region,
       COUNT(CASE WHEN r.referred_at >= :from AND r.referred_at < :until THEN 1 END) AS value
FROM referrals r
LEFT JOIN accounts a ON a.id = r.account_id
GROUP BY COALESCE(a.region, '')

-- by month where segment = enterprise
SELECT m.month, COUNT(CASE WHEN r.referred_at >= m.starts AND r.referred_at < m.ends THEN 1 END) AS value
FROM referrals r
LEFT JOIN accounts a ON a.id = r.account_id
CROSS JOIN MONTHS m
WHERE a.segment = 'enterprise'
GROUP BY m.month

-- by rep where account = ''
SELECT COALESCE(r.rep_id, '') AS rep,
       COUNT(CASE WHEN r.referred_at >= :from AND r.referred_at < :until THEN 1 END) AS value
FROM referrals r
WHERE COALESCE(r.account_id, '') = ''
GROUP BY COALESCE(r.rep_id, '')
