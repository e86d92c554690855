-- customer_lifetime_value: revenue per customer (sales over customers at the end) times the expected lifetime
-- (customers at the start over those of them who are none at the end): sales x at start / (at end x gone).
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(sales) * SUM(at_start) AS numerator,
       SUM(at_end) * SUM(gone) AS denominator
FROM (SELECT o.amount_minor AS sales,
             0 AS at_start, 0 AS at_end, 0 AS gone, 0 AS won, 0 AS cost
      FROM orders o
      WHERE o.ordered_at >= :from AND o.ordered_at < :until
      UNION ALL
      SELECT 0,
             CASE WHEN t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < :until AND (t.ended_at IS NULL OR t.ended_at >= :until) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                                       WHERE n.account_id = t.account_id AND n.started_at < :until
                                         AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 ELSE 0 END,
             CASE WHEN t.number = 1 AND t.started_at >= :from AND t.started_at < :until THEN 1 ELSE 0 END,
             0
      FROM customer_tenures t) facts

-- by rep
SELECT rep,
       SUM(sales) * SUM(at_start) AS numerator,
       SUM(at_end) * SUM(gone) AS denominator
FROM (SELECT COALESCE(o.rep_id, '') AS rep, o.amount_minor AS sales,
             0 AS at_start, 0 AS at_end, 0 AS gone, 0 AS won, 0 AS cost
      FROM ORDERS o
      WHERE o.ordered_at >= :from AND o.ordered_at < :until
      UNION ALL
      SELECT COALESCE(t.rep_id, '') AS rep, 0,
             CASE WHEN t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < :until AND (t.ended_at IS NULL OR t.ended_at >= :until) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                                       WHERE n.account_id = t.account_id AND n.started_at < :until
                                         AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 ELSE 0 END,
             CASE WHEN t.number = 1 AND t.started_at >= :from AND t.started_at < :until THEN 1 ELSE 0 END,
             0
      FROM customer_tenures t) facts
GROUP BY rep

-- by month
-- Customers at an edge are what was before the first month and what moved since, added up. Who of them is gone has left
-- within the month.
SELECT month,
       SUM(sales) * SUM(at_start) AS numerator,
       SUM(at_end) * SUM(gone) AS denominator
FROM (SELECT MONTH(ordered_at) AS month, SUM(amount_minor) AS sales,
             0 AS at_start, 0 AS at_end, 0 AS gone
      FROM orders
      WHERE ordered_at >= :from AND ordered_at < :until
      GROUP BY MONTH(ordered_at)
      UNION ALL
      SELECT m.month, 0, SUM(CASE WHEN c.month < m.month THEN c.change ELSE 0 END), SUM(c.change), 0
      FROM MONTHS m
      JOIN (SELECT month, SUM(change) AS change
            FROM (SELECT CASE WHEN started_at >= :from THEN MONTH(started_at) ELSE '' END AS month, 1 AS change
                  FROM customer_tenures
                  WHERE started_at < :until AND (ended_at IS NULL OR (ended_at >= :from AND started_at < ended_at))
                  UNION ALL
                  SELECT MONTH(ended_at), -1
                  FROM customer_tenures
                  WHERE ended_at >= :from AND ended_at < :until AND started_at < ended_at) moves
            GROUP BY month) c ON c.month <= m.month
      GROUP BY m.month
      UNION ALL
      SELECT m.month, 0, 0, 0, COUNT(*)
      FROM MONTHS m
      JOIN customer_tenures t ON t.ended_at >= m.starts AND t.ended_at < m.ends AND t.started_at < m.starts
      WHERE NOT EXISTS (SELECT 1 FROM customer_tenures n
                        WHERE n.account_id = t.account_id AND n.started_at < m.ends
                          AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
      GROUP BY m.month) facts
GROUP BY month

-- by rep, month
SELECT rep, month,
       SUM(sales) * SUM(at_start) AS numerator,
       SUM(at_end) * SUM(gone) AS denominator
FROM (SELECT COALESCE(o.rep_id, '') AS rep, m.month, o.amount_minor AS sales,
             0 AS at_start, 0 AS at_end, 0 AS gone, 0 AS won, 0 AS cost
      FROM MONTHS m
      CROSS JOIN ORDERS o
      WHERE o.ordered_at >= m.starts AND o.ordered_at < m.ends
      UNION ALL
      SELECT COALESCE(t.rep_id, '') AS rep, m.month, 0,
             CASE WHEN t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < m.ends AND (t.ended_at IS NULL OR t.ended_at >= m.ends) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                                       WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                         AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 ELSE 0 END,
             CASE WHEN t.number = 1 AND t.started_at >= m.starts AND t.started_at < m.ends THEN 1 ELSE 0 END,
             0
      FROM MONTHS m
      CROSS JOIN customer_tenures t) facts
GROUP BY rep, month

-- by segment
SELECT segment,
       SUM(sales) * SUM(at_start) AS numerator,
       SUM(at_end) * SUM(gone) AS denominator
FROM (SELECT COALESCE(a.segment, '') AS segment, o.amount_minor AS sales,
             0 AS at_start, 0 AS at_end, 0 AS gone, 0 AS won, 0 AS cost
      FROM ORDERS o
      LEFT JOIN accounts a ON a.id = o.account_id
      WHERE o.ordered_at >= :from AND o.ordered_at < :until
      UNION ALL
      SELECT COALESCE(a.segment, '') AS segment, 0,
             CASE WHEN t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < :until AND (t.ended_at IS NULL OR t.ended_at >= :until) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < :from AND (t.ended_at IS NULL OR t.ended_at >= :from)
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                                       WHERE n.account_id = t.account_id AND n.started_at < :until
                                         AND (n.ended_at IS NULL OR n.ended_at >= :until))
                  THEN 1 ELSE 0 END,
             CASE WHEN t.number = 1 AND t.started_at >= :from AND t.started_at < :until THEN 1 ELSE 0 END,
             0
      FROM customer_tenures t
      LEFT JOIN accounts a ON a.id = t.account_id) facts
GROUP BY segment

-- by month where segment = enterprise
SELECT month,
       SUM(sales) * SUM(at_start) AS numerator,
       SUM(at_end) * SUM(gone) AS denominator
FROM (SELECT m.month, o.amount_minor AS sales,
             0 AS at_start, 0 AS at_end, 0 AS gone, 0 AS won, 0 AS cost
      FROM MONTHS m
      CROSS JOIN ORDERS o
      JOIN accounts a ON a.id = o.account_id
      WHERE o.ordered_at >= m.starts AND o.ordered_at < m.ends AND a.segment = 'enterprise'
      UNION ALL
      SELECT m.month, 0,
             CASE WHEN t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < m.ends AND (t.ended_at IS NULL OR t.ended_at >= m.ends) THEN 1 ELSE 0 END,
             CASE WHEN t.started_at < m.starts AND (t.ended_at IS NULL OR t.ended_at >= m.starts)
                       AND NOT EXISTS (SELECT 1 FROM customer_tenures n
                                       WHERE n.account_id = t.account_id AND n.started_at < m.ends
                                         AND (n.ended_at IS NULL OR n.ended_at >= m.ends))
                  THEN 1 ELSE 0 END,
             CASE WHEN t.number = 1 AND t.started_at >= m.starts AND t.started_at < m.ends THEN 1 ELSE 0 END,
             0
      FROM MONTHS m
      CROSS JOIN customer_tenures t
      JOIN accounts a ON a.id = t.account_id
      WHERE a.segment = 'enterprise') facts
GROUP BY month
