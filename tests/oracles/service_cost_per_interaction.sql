-- service_cost_per_interaction: the cost of service over cases resolved and calls to the service desk. Of a cost that
-- is spread over a stretch the period has what has fallen due by its end less what had by its start, by whole
-- minutes, rounded toward zero; one without an end, or whose stretch has no whole minute, falls due when it starts.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= :from AND k.starts_at < :until THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN :until <= k.starts_at THEN 0
                       WHEN :until >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :until) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN :from <= k.starts_at THEN 0
                       WHEN :from >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :from) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM costs k
    WHERE k.kind = 'service'
    UNION ALL
    SELECT 0 AS cost, 1 AS interactions
    FROM service_cases c
    WHERE c.resolved_at >= :from AND c.resolved_at < :until
    UNION ALL
    SELECT 0 AS cost, 1 AS interactions
    FROM service_calls l
    WHERE l.offered_at >= :from AND l.offered_at < :until
) parts

-- by rep
SELECT rep, SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT COALESCE(k.rep_id, '') AS rep,
           CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= :from AND k.starts_at < :until THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN :until <= k.starts_at THEN 0
                       WHEN :until >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :until) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN :from <= k.starts_at THEN 0
                       WHEN :from >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :from) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM costs k
    WHERE k.kind = 'service'
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, 0 AS cost, 1 AS interactions
    FROM service_cases c
    WHERE c.resolved_at >= :from AND c.resolved_at < :until
    UNION ALL
    SELECT COALESCE(l.rep_id, '') AS rep, 0 AS cost, 1 AS interactions
    FROM service_calls l
    WHERE l.offered_at >= :from AND l.offered_at < :until
) parts
GROUP BY rep

-- by month
SELECT month, SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT m.month,
           CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= m.starts AND k.starts_at < m.ends THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN m.ends <= k.starts_at THEN 0
                       WHEN m.ends >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, m.ends) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN m.starts <= k.starts_at THEN 0
                       WHEN m.starts >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, m.starts) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM MONTHS m
    CROSS JOIN costs k
    WHERE k.kind = 'service'
    UNION ALL
    SELECT m.month, 0 AS cost, 1 AS interactions
    FROM MONTHS m
    CROSS JOIN service_cases c
    WHERE c.resolved_at >= m.starts AND c.resolved_at < m.ends
    UNION ALL
    SELECT m.month, 0 AS cost, 1 AS interactions
    FROM MONTHS m
    CROSS JOIN service_calls l
    WHERE l.offered_at >= m.starts AND l.offered_at < m.ends
) parts
GROUP BY month

-- by rep, month
SELECT rep, month, SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT COALESCE(k.rep_id, '') AS rep, m.month,
           CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= m.starts AND k.starts_at < m.ends THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN m.ends <= k.starts_at THEN 0
                       WHEN m.ends >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, m.ends) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN m.starts <= k.starts_at THEN 0
                       WHEN m.starts >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, m.starts) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM MONTHS m
    CROSS JOIN costs k
    WHERE k.kind = 'service'
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, m.month, 0 AS cost, 1 AS interactions
    FROM MONTHS m
    CROSS JOIN service_cases c
    WHERE c.resolved_at >= m.starts AND c.resolved_at < m.ends
    UNION ALL
    SELECT COALESCE(l.rep_id, '') AS rep, m.month, 0 AS cost, 1 AS interactions
    FROM MONTHS m
    CROSS JOIN service_calls l
    WHERE l.offered_at >= m.starts AND l.offered_at < m.ends
) parts
GROUP BY rep, month

-- by segment
SELECT segment, SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT COALESCE(k.segment, '') AS segment,
           CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= :from AND k.starts_at < :until THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN :until <= k.starts_at THEN 0
                       WHEN :until >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :until) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN :from <= k.starts_at THEN 0
                       WHEN :from >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :from) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM costs k
    WHERE k.kind = 'service'
    UNION ALL
    SELECT COALESCE(a.segment, '') AS segment, 0 AS cost, 1 AS interactions
    FROM service_cases c
    LEFT JOIN accounts a ON a.id = c.account_id
    WHERE c.resolved_at >= :from AND c.resolved_at < :until
    UNION ALL
    SELECT COALESCE(a.segment, '') AS segment, 0 AS cost, 1 AS interactions
    FROM service_calls l
    LEFT JOIN accounts a ON a.id = l.account_id
    WHERE l.offered_at >= :from AND l.offered_at < :until
) parts
GROUP BY segment

-- by month where segment = enterprise
SELECT month, SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT m.month,
           CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= m.starts AND k.starts_at < m.ends THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN m.ends <= k.starts_at THEN 0
                       WHEN m.ends >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, m.ends) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN m.starts <= k.starts_at THEN 0
                       WHEN m.starts >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, m.starts) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM MONTHS m
    CROSS JOIN costs k
    WHERE k.kind = 'service' AND k.segment = 'enterprise'
    UNION ALL
    SELECT m.month, 0 AS cost, 1 AS interactions
    FROM MONTHS m
    CROSS JOIN service_cases c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.resolved_at >= m.starts AND c.resolved_at < m.ends AND a.segment = 'enterprise'
    UNION ALL
    SELECT m.month, 0 AS cost, 1 AS interactions
    FROM MONTHS m
    CROSS JOIN service_calls l
    JOIN accounts a ON a.id = l.account_id
    WHERE l.offered_at >= m.starts AND l.offered_at < m.ends AND a.segment = 'enterprise'
) parts
GROUP BY month

-- by rep where segment = smb
SELECT rep, SUM(cost) AS numerator, SUM(interactions) AS denominator
FROM (
    SELECT COALESCE(k.rep_id, '') AS rep,
           CASE WHEN k.ends_at IS NULL OR MILLIS(k.starts_at, k.ends_at) / 60000 <= 0
                THEN CASE WHEN k.starts_at >= :from AND k.starts_at < :until THEN k.amount_minor ELSE 0 END
                ELSE CASE WHEN :until <= k.starts_at THEN 0
                       WHEN :until >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :until) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
                   - CASE WHEN :from <= k.starts_at THEN 0
                       WHEN :from >= k.ends_at THEN k.amount_minor
                       ELSE k.amount_minor * (MILLIS(k.starts_at, :from) / 60000)
                            / (MILLIS(k.starts_at, k.ends_at) / 60000) END
           END AS cost,
           0 AS interactions
    FROM costs k
    WHERE k.kind = 'service' AND k.segment = 'smb'
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, 0 AS cost, 1 AS interactions
    FROM service_cases c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.resolved_at >= :from AND c.resolved_at < :until AND a.segment = 'smb'
    UNION ALL
    SELECT COALESCE(l.rep_id, '') AS rep, 0 AS cost, 1 AS interactions
    FROM service_calls l
    JOIN accounts a ON a.id = l.account_id
    WHERE l.offered_at >= :from AND l.offered_at < :until AND a.segment = 'smb'
) parts
GROUP BY rep
