-- revenue_share_by_source: sales of a source, or of a kind of source, over the sales of all sources under the same
-- other filters and in the same other groups.
-- numerator in minor units, denominator in minor units

-- total
SELECT SUM(amount_minor) AS numerator, SUM(amount_minor) AS denominator
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS numerator, SUM(amount_minor) AS denominator
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(ordered_at) AS month, SUM(amount_minor) AS numerator, SUM(amount_minor) AS denominator
FROM orders
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY MONTH(ordered_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS numerator, SUM(o.amount_minor) AS denominator
FROM ORDERS o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(a.segment, '')

-- by source
SELECT COALESCE(source_id, '') AS source, SUM(amount_minor) AS numerator,
       (SELECT SUM(amount_minor) FROM orders WHERE ordered_at >= :from AND ordered_at < :until) AS denominator
FROM ORDERS o
WHERE ordered_at >= :from AND ordered_at < :until
GROUP BY COALESCE(source_id, '')

-- by source_kind
SELECT COALESCE(s.kind, '') AS source_kind, SUM(o.amount_minor) AS numerator,
       (SELECT SUM(amount_minor) FROM orders WHERE ordered_at >= :from AND ordered_at < :until) AS denominator
FROM ORDERS o
LEFT JOIN sources s ON s.id = o.source_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(s.kind, '')

-- by source_kind where segment = enterprise
SELECT COALESCE(s.kind, '') AS source_kind, SUM(o.amount_minor) AS numerator,
       (SELECT SUM(o.amount_minor)
        FROM ORDERS o
        JOIN accounts a ON a.id = o.account_id
        WHERE o.ordered_at >= :from AND o.ordered_at < :until AND a.segment = 'enterprise') AS denominator
FROM ORDERS o
JOIN accounts a ON a.id = o.account_id
LEFT JOIN sources s ON s.id = o.source_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until AND a.segment = 'enterprise'
GROUP BY COALESCE(s.kind, '')

-- by rep where source_kind = marketing
-- The filter is on the source: it bounds the part, not the whole.
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(CASE WHEN s.kind = 'marketing' THEN o.amount_minor ELSE 0 END) AS numerator,
       SUM(o.amount_minor) AS denominator
FROM ORDERS o
LEFT JOIN sources s ON s.id = o.source_id
WHERE o.ordered_at >= :from AND o.ordered_at < :until
GROUP BY COALESCE(o.rep_id, '')

-- by source_kind, month
-- The whole is that of the month, also of a month in which the source sold nothing.
SELECT kinds.source_kind, m.month,
       (SELECT SUM(o.amount_minor)
        FROM ORDERS o
        LEFT JOIN sources s ON s.id = o.source_id
        WHERE o.ordered_at >= m.starts AND o.ordered_at < m.ends
          AND COALESCE(s.kind, '') = kinds.source_kind) AS numerator,
       (SELECT SUM(o.amount_minor)
        FROM ORDERS o
        WHERE o.ordered_at >= m.starts AND o.ordered_at < m.ends) AS denominator
FROM (SELECT DISTINCT COALESCE(s.kind, '') AS source_kind
      FROM ORDERS o
      LEFT JOIN sources s ON s.id = o.source_id
      WHERE o.ordered_at >= :from AND o.ordered_at < :until) kinds
CROSS JOIN MONTHS m

-- by rep, source_kind
-- The whole is that of the rep.
SELECT part.rep, part.source_kind, part.amount AS numerator, whole.amount AS denominator
FROM (SELECT COALESCE(o.rep_id, '') AS rep, COALESCE(s.kind, '') AS source_kind, SUM(o.amount_minor) AS amount
      FROM ORDERS o
      LEFT JOIN sources s ON s.id = o.source_id
      WHERE o.ordered_at >= :from AND o.ordered_at < :until
      GROUP BY COALESCE(o.rep_id, ''), COALESCE(s.kind, '')) part
JOIN (SELECT COALESCE(rep_id, '') AS rep, SUM(amount_minor) AS amount
      FROM ORDERS o
      WHERE ordered_at >= :from AND ordered_at < :until
      GROUP BY COALESCE(rep_id, '')) whole ON whole.rep = part.rep
