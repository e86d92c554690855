-- campaign_roi: the amount of orders credited to a campaign less the part of the costs of campaigns
-- that falls in the period, over that cost. An empty text is no campaign.
-- numerator in minor units, denominator in minor units

-- total
SELECT SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until
    UNION ALL
    SELECT 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> ''
) facts

-- by rep
SELECT rep, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(o.rep_id, '') AS rep, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> ''
) facts
GROUP BY rep

-- by month
SELECT month, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT m.month AS month, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    CROSS JOIN MONTHS m
    WHERE o.campaign_id <> '' AND o.ordered_at >= m.starts AND o.ordered_at < m.ends
    UNION ALL
    SELECT m.month AS month, 0 AS revenue, SPREAD(c, m.starts, m.ends) AS cost
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.campaign_id <> ''
) facts
GROUP BY month

-- by rep, month
SELECT rep, month, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(o.rep_id, '') AS rep, m.month AS month, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    CROSS JOIN MONTHS m
    WHERE o.campaign_id <> '' AND o.ordered_at >= m.starts AND o.ordered_at < m.ends
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, m.month AS month, 0 AS revenue, SPREAD(c, m.starts, m.ends) AS cost
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.campaign_id <> ''
) facts
GROUP BY rep, month

-- by segment
SELECT segment, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(a.segment, '') AS segment, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    LEFT JOIN accounts a ON a.id = o.account_id
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until
    UNION ALL
    SELECT COALESCE(c.segment, '') AS segment, 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> ''
) facts
GROUP BY segment

-- by campaign
SELECT campaign, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(o.campaign_id, '') AS campaign, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until
    UNION ALL
    SELECT COALESCE(c.campaign_id, '') AS campaign, 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> ''
) facts
GROUP BY campaign

-- by campaign, month
SELECT campaign, month, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(o.campaign_id, '') AS campaign, m.month AS month, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    CROSS JOIN MONTHS m
    WHERE o.campaign_id <> '' AND o.ordered_at >= m.starts AND o.ordered_at < m.ends
    UNION ALL
    SELECT COALESCE(c.campaign_id, '') AS campaign, m.month AS month, 0 AS revenue, SPREAD(c, m.starts, m.ends) AS cost
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.campaign_id <> ''
) facts
GROUP BY campaign, month

-- by channel
SELECT channel, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(k.channel, '') AS channel, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    LEFT JOIN campaigns k ON k.id = o.campaign_id
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until
    UNION ALL
    SELECT COALESCE(c.channel, '') AS channel, 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> ''
) facts
GROUP BY channel

-- by month where segment = enterprise
SELECT month, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT m.month AS month, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    LEFT JOIN accounts a ON a.id = o.account_id
    CROSS JOIN MONTHS m
    WHERE o.campaign_id <> '' AND o.ordered_at >= m.starts AND o.ordered_at < m.ends AND a.segment = 'enterprise'
    UNION ALL
    SELECT m.month AS month, 0 AS revenue, SPREAD(c, m.starts, m.ends) AS cost
    FROM costs c
    CROSS JOIN MONTHS m
    WHERE c.campaign_id <> '' AND c.segment = 'enterprise'
) facts
GROUP BY month

-- by rep where campaign = spring|webinar
SELECT rep, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(o.rep_id, '') AS rep, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until AND o.campaign_id IN ('spring', 'webinar')
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> '' AND c.campaign_id IN ('spring', 'webinar')
) facts
GROUP BY rep

-- by source where channel = email
SELECT source, SUM(revenue) - SUM(cost) AS numerator, SUM(cost) AS denominator
FROM (
    SELECT COALESCE(o.source_id, '') AS source, o.amount_minor AS revenue, 0 AS cost
    FROM ORDERS o
    LEFT JOIN campaigns k ON k.id = o.campaign_id
    WHERE o.campaign_id <> '' AND o.ordered_at >= :from AND o.ordered_at < :until AND k.channel = 'email'
    UNION ALL
    SELECT COALESCE(c.source_id, '') AS source, 0 AS revenue, SPREAD(c, :from, :until) AS cost
    FROM costs c
    WHERE c.campaign_id <> '' AND c.channel = 'email'
) facts
GROUP BY source
