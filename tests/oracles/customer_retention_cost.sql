-- customer_retention_cost: what is spent on keeping customers over the customers at the start who are customers at the
-- end. Costs go by their own rep and segment.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(cost) AS numerator, SUM(retained) AS denominator
FROM (SELECT 1 AS retained, 0 AS cost
      FROM customer_tenures t
      WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
        AND EXISTS (SELECT 1 FROM customer_tenures n
                    WHERE n.account_id = t.account_id AND n.started_at < :until
                      AND (n.ended_at IS NULL OR n.ended_at >= :until))
      UNION ALL
      SELECT 0,
             DUE(c.amount_minor, c.starts_at, c.ends_at, :until) - DUE(c.amount_minor, c.starts_at, c.ends_at, :from)
      FROM costs c
      WHERE c.kind = 'retention') facts

-- by rep
SELECT rep, SUM(cost) AS numerator, SUM(retained) AS denominator
FROM (SELECT COALESCE(t.rep_id, '') AS rep, 1 AS retained, 0 AS cost
      FROM customer_tenures t
      WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
        AND EXISTS (SELECT 1 FROM customer_tenures n
                    WHERE n.account_id = t.account_id AND n.started_at < :until
                      AND (n.ended_at IS NULL OR n.ended_at >= :until))
      UNION ALL
      SELECT COALESCE(c.rep_id, '') AS rep, 0,
             DUE(c.amount_minor, c.starts_at, c.ends_at, :until) - DUE(c.amount_minor, c.starts_at, c.ends_at, :from)
      FROM costs c
      WHERE c.kind = 'retention') facts
GROUP BY rep

-- by month
SELECT month, SUM(cost) AS numerator, SUM(retained) AS denominator
FROM (SELECT m.month, 1 AS retained, 0 AS cost
      FROM MONTHS m
      CROSS JOIN customer_tenures t
      WHERE t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
        AND EXISTS (SELECT 1 FROM customer_tenures n
                    WHERE n.account_id = t.account_id AND n.started_at < m.ends
                      AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
      UNION ALL
      SELECT m.month, 0,
             DUE(c.amount_minor, c.starts_at, c.ends_at, m.ends) - DUE(c.amount_minor, c.starts_at, c.ends_at, m.starts)
      FROM MONTHS m
      CROSS JOIN costs c
      WHERE c.kind = 'retention') facts
GROUP BY month

-- by rep, month
SELECT rep, month, SUM(cost) AS numerator, SUM(retained) AS denominator
FROM (SELECT COALESCE(t.rep_id, '') AS rep, m.month, 1 AS retained, 0 AS cost
      FROM MONTHS m
      CROSS JOIN customer_tenures t
      WHERE t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
        AND EXISTS (SELECT 1 FROM customer_tenures n
                    WHERE n.account_id = t.account_id AND n.started_at < m.ends
                      AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
      UNION ALL
      SELECT COALESCE(c.rep_id, '') AS rep, m.month, 0,
             DUE(c.amount_minor, c.starts_at, c.ends_at, m.ends) - DUE(c.amount_minor, c.starts_at, c.ends_at, m.starts)
      FROM MONTHS m
      CROSS JOIN costs c
      WHERE c.kind = 'retention') facts
GROUP BY rep, month

-- by segment
SELECT segment, SUM(cost) AS numerator, SUM(retained) AS denominator
FROM (SELECT COALESCE(a.segment, '') AS segment, 1 AS retained, 0 AS cost
      FROM customer_tenures t
      LEFT JOIN accounts a ON a.id = t.account_id
      WHERE t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
        AND EXISTS (SELECT 1 FROM customer_tenures n
                    WHERE n.account_id = t.account_id AND n.started_at < :until
                      AND (n.ended_at IS NULL OR n.ended_at >= :until))
      UNION ALL
      SELECT COALESCE(c.segment, '') AS segment, 0,
             DUE(c.amount_minor, c.starts_at, c.ends_at, :until) - DUE(c.amount_minor, c.starts_at, c.ends_at, :from)
      FROM costs c
      WHERE c.kind = 'retention') facts
GROUP BY segment

-- by month where segment = enterprise
SELECT month, SUM(cost) AS numerator, SUM(retained) AS denominator
FROM (SELECT m.month, 1 AS retained, 0 AS cost
      FROM MONTHS m
      CROSS JOIN customer_tenures t
      JOIN accounts a ON a.id = t.account_id
      WHERE t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
        AND EXISTS (SELECT 1 FROM customer_tenures n
                    WHERE n.account_id = t.account_id AND n.started_at < m.ends
                      AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
        AND a.segment = 'enterprise'
      UNION ALL
      SELECT m.month, 0,
             DUE(c.amount_minor, c.starts_at, c.ends_at, m.ends) - DUE(c.amount_minor, c.starts_at, c.ends_at, m.starts)
      FROM MONTHS m
      CROSS JOIN costs c
      WHERE c.kind = 'retention' AND c.segment = 'enterprise') facts
GROUP BY month
