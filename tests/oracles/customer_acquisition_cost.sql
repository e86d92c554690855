-- customer_acquisition_cost: the part of the marketing and sales costs that falls in the period, over the
-- customers whose first tenure starts in it.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT SPREAD(c, :from, :until) AS cost, 0 AS customers
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT 0 AS cost, 1 AS customers
    FROM customer_tenures t
    WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until
) facts

-- by rep
SELECT rep, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT COALESCE(c.rep_id, '') AS rep, SPREAD(c, :from, :until) AS cost, 0 AS customers
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(t.rep_id, '') AS rep, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until
) facts
GROUP BY rep

-- by month
SELECT month, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS customers
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT m.month AS month, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    CROSS JOIN MONTHS m
    WHERE t.number = 1 AND t.started_at >= m.starts AND t.started_at < m.ends
) facts
GROUP BY month

-- by rep, month
SELECT rep, month, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT COALESCE(c.rep_id, '') AS rep, m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS customers
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(t.rep_id, '') AS rep, m.month AS month, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    CROSS JOIN MONTHS m
    WHERE t.number = 1 AND t.started_at >= m.starts AND t.started_at < m.ends
) facts
GROUP BY rep, month

-- by segment
SELECT segment, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT COALESCE(c.segment, '') AS segment, SPREAD(c, :from, :until) AS cost, 0 AS customers
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(a.segment, '') AS segment, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    LEFT JOIN accounts a ON a.id = t.account_id
    WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until
) facts
GROUP BY segment

-- by account
SELECT account, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT COALESCE(c.account_id, '') AS account, SPREAD(c, :from, :until) AS cost, 0 AS customers
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(t.account_id, '') AS account, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until
) facts
GROUP BY account

-- by industry, month
SELECT industry, month, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT COALESCE(c.industry, '') AS industry, m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS customers
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales')
    UNION ALL
    SELECT COALESCE(a.industry, '') AS industry, m.month AS month, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    LEFT JOIN accounts a ON a.id = t.account_id
    CROSS JOIN MONTHS m
    WHERE t.number = 1 AND t.started_at >= m.starts AND t.started_at < m.ends
) facts
GROUP BY industry, month

-- by month where segment = enterprise
SELECT month, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT m.month AS month, SPREAD(c, m.starts, m.ends) AS cost, 0 AS customers
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.kind IN ('marketing', 'sales') AND c.segment = 'enterprise'
    UNION ALL
    SELECT m.month AS month, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    LEFT JOIN accounts a ON a.id = t.account_id
    CROSS JOIN MONTHS m
    WHERE t.number = 1 AND t.started_at >= m.starts AND t.started_at < m.ends AND a.segment = 'enterprise'
) facts
GROUP BY month

-- by rep where region != north
SELECT rep, SUM(cost) AS numerator, SUM(customers) AS denominator
FROM (
    SELECT COALESCE(c.rep_id, '') AS rep, SPREAD(c, :from, :until) AS cost, 0 AS customers
    FROM costs c
    WHERE c.kind IN ('marketing', 'sales') AND COALESCE(c.region, '') <> 'north'
    UNION ALL
    SELECT COALESCE(t.rep_id, '') AS rep, 0 AS cost, 1 AS customers
    FROM customer_tenures t
    LEFT JOIN accounts a ON a.id = t.account_id
    WHERE t.number = 1 AND t.started_at >= :from AND t.started_at < :until AND COALESCE(a.region, '') <> 'north'
) facts
GROUP BY rep
