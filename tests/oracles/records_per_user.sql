-- records_per_user: activities, cases resolved and opportunities worked on (open at the start, or created since) over
-- the different reps who signed in.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(worked_on) AS numerator, COUNT(DISTINCT signed_in) AS denominator
FROM (
    SELECT v.id AS worked_on, NULL AS signed_in
    FROM activities v
    WHERE v.occurred_at >= :from AND v.occurred_at < :until
    UNION ALL
    SELECT c.id AS worked_on, NULL AS signed_in
    FROM service_cases c
    WHERE c.resolved_at >= :from AND c.resolved_at < :until
    UNION ALL
    SELECT o.id AS worked_on, NULL AS signed_in
    FROM DEALS o
    WHERE (((o.created_at IS NULL OR o.created_at < :from) AND (o.closed_at IS NULL OR o.closed_at >= :from))
           OR (o.created_at >= :from AND o.created_at < :until))
    UNION ALL
    SELECT NULL AS worked_on, NULLIF(s.rep_id, '') AS signed_in
    FROM sign_ins s
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
) parts

-- by rep
SELECT rep, COUNT(worked_on) AS numerator, COUNT(DISTINCT signed_in) AS denominator
FROM (
    SELECT COALESCE(v.rep_id, '') AS rep, v.id AS worked_on, NULL AS signed_in
    FROM activities v
    WHERE v.occurred_at >= :from AND v.occurred_at < :until
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, c.id AS worked_on, NULL AS signed_in
    FROM service_cases c
    WHERE c.resolved_at >= :from AND c.resolved_at < :until
    UNION ALL
    SELECT COALESCE(o.rep_id, '') AS rep, o.id AS worked_on, NULL AS signed_in
    FROM DEALS o
    WHERE (((o.created_at IS NULL OR o.created_at < :from) AND (o.closed_at IS NULL OR o.closed_at >= :from))
           OR (o.created_at >= :from AND o.created_at < :until))
    UNION ALL
    SELECT COALESCE(s.rep_id, '') AS rep, NULL AS worked_on, NULLIF(s.rep_id, '') AS signed_in
    FROM sign_ins s
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
) parts
GROUP BY rep

-- by month
-- Open at the start are what was before the first month and what moved since, added up.
SELECT month, SUM(worked_on) AS numerator, SUM(signed_in) AS denominator
FROM (SELECT MONTH(occurred_at) AS month, COUNT(*) AS worked_on, 0 AS signed_in
      FROM activities
      WHERE occurred_at >= :from AND occurred_at < :until
      GROUP BY MONTH(occurred_at)
      UNION ALL
      SELECT MONTH(resolved_at), COUNT(*), 0
      FROM service_cases
      WHERE resolved_at >= :from AND resolved_at < :until
      GROUP BY MONTH(resolved_at)
      UNION ALL
      SELECT MONTH(created_at), COUNT(*), 0
      FROM DEALS o
      WHERE created_at >= :from AND created_at < :until
      GROUP BY MONTH(created_at)
      UNION ALL
      SELECT m.month, SUM(c.change), 0
      FROM MONTHS m
      JOIN (SELECT month, SUM(change) AS change
            FROM (SELECT CASE WHEN created_at >= :from THEN MONTH(created_at) ELSE '' END AS month, 1 AS change
                  FROM DEALS o
                  WHERE (created_at IS NULL OR created_at < :until)
                    AND (closed_at IS NULL OR (closed_at >= :from AND (created_at IS NULL OR created_at < closed_at)))
                  UNION ALL
                  SELECT MONTH(closed_at), -1
                  FROM DEALS o
                  WHERE closed_at >= :from AND closed_at < :until AND (created_at IS NULL OR created_at < closed_at)) moves
            GROUP BY month) c ON c.month < m.month
      GROUP BY m.month
      UNION ALL
      SELECT MONTH(signed_in_at), 0, COUNT(DISTINCT NULLIF(rep_id, ''))
      FROM sign_ins
      WHERE signed_in_at >= :from AND signed_in_at < :until
      GROUP BY MONTH(signed_in_at)) parts
GROUP BY month

-- by rep, month
SELECT rep, month, COUNT(worked_on) AS numerator, COUNT(DISTINCT signed_in) AS denominator
FROM (
    SELECT COALESCE(v.rep_id, '') AS rep, m.month, v.id AS worked_on, NULL AS signed_in
    FROM MONTHS m
    CROSS JOIN activities v
    WHERE v.occurred_at >= m.starts AND v.occurred_at < m.ends
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, m.month, c.id AS worked_on, NULL AS signed_in
    FROM MONTHS m
    CROSS JOIN service_cases c
    WHERE c.resolved_at >= m.starts AND c.resolved_at < m.ends
    UNION ALL
    SELECT COALESCE(o.rep_id, '') AS rep, m.month, o.id AS worked_on, NULL AS signed_in
    FROM MONTHS m
    CROSS JOIN DEALS o
    WHERE (((o.created_at IS NULL OR o.created_at < m.starts) AND (o.closed_at IS NULL OR o.closed_at >= m.starts))
           OR (o.created_at >= m.starts AND o.created_at < m.ends))
    UNION ALL
    SELECT COALESCE(s.rep_id, '') AS rep, m.month, NULL AS worked_on, NULLIF(s.rep_id, '') AS signed_in
    FROM MONTHS m
    CROSS JOIN sign_ins s
    WHERE s.signed_in_at >= m.starts AND s.signed_in_at < m.ends
) parts
GROUP BY rep, month

-- by segment
SELECT segment, COUNT(worked_on) AS numerator, COUNT(DISTINCT signed_in) AS denominator
FROM (
    SELECT COALESCE(a.segment, '') AS segment, v.id AS worked_on, NULL AS signed_in
    FROM activities v
    LEFT JOIN accounts a ON a.id = v.account_id
    WHERE v.occurred_at >= :from AND v.occurred_at < :until
    UNION ALL
    SELECT COALESCE(a.segment, '') AS segment, c.id AS worked_on, NULL AS signed_in
    FROM service_cases c
    LEFT JOIN accounts a ON a.id = c.account_id
    WHERE c.resolved_at >= :from AND c.resolved_at < :until
    UNION ALL
    SELECT COALESCE(a.segment, '') AS segment, o.id AS worked_on, NULL AS signed_in
    FROM DEALS o
    LEFT JOIN accounts a ON a.id = o.account_id
    WHERE (((o.created_at IS NULL OR o.created_at < :from) AND (o.closed_at IS NULL OR o.closed_at >= :from))
           OR (o.created_at >= :from AND o.created_at < :until))
    UNION ALL
    SELECT COALESCE(r.segment, '') AS segment, NULL AS worked_on, NULLIF(s.rep_id, '') AS signed_in
    FROM sign_ins s
    LEFT JOIN reps r ON r.id = s.rep_id
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
) parts
GROUP BY segment

-- by month where segment = enterprise
SELECT month, COUNT(worked_on) AS numerator, COUNT(DISTINCT signed_in) AS denominator
FROM (
    SELECT m.month, v.id AS worked_on, NULL AS signed_in
    FROM MONTHS m
    CROSS JOIN activities v
    JOIN accounts a ON a.id = v.account_id
    WHERE v.occurred_at >= m.starts AND v.occurred_at < m.ends AND a.segment = 'enterprise'
    UNION ALL
    SELECT m.month, c.id AS worked_on, NULL AS signed_in
    FROM MONTHS m
    CROSS JOIN service_cases c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.resolved_at >= m.starts AND c.resolved_at < m.ends AND a.segment = 'enterprise'
    UNION ALL
    SELECT m.month, o.id AS worked_on, NULL AS signed_in
    FROM MONTHS m
    CROSS JOIN DEALS o
    JOIN accounts a ON a.id = o.account_id
    WHERE (((o.created_at IS NULL OR o.created_at < m.starts) AND (o.closed_at IS NULL OR o.closed_at >= m.starts))
           OR (o.created_at >= m.starts AND o.created_at < m.ends)) AND a.segment = 'enterprise'
    UNION ALL
    SELECT m.month, NULL AS worked_on, NULLIF(s.rep_id, '') AS signed_in
    FROM MONTHS m
    CROSS JOIN sign_ins s
    JOIN reps r ON r.id = s.rep_id
    WHERE s.signed_in_at >= m.starts AND s.signed_in_at < m.ends AND r.segment = 'enterprise'
) parts
GROUP BY month

-- by rep where segment = smb
SELECT rep, COUNT(worked_on) AS numerator, COUNT(DISTINCT signed_in) AS denominator
FROM (
    SELECT COALESCE(v.rep_id, '') AS rep, v.id AS worked_on, NULL AS signed_in
    FROM activities v
    JOIN accounts a ON a.id = v.account_id
    WHERE v.occurred_at >= :from AND v.occurred_at < :until AND a.segment = 'smb'
    UNION ALL
    SELECT COALESCE(c.rep_id, '') AS rep, c.id AS worked_on, NULL AS signed_in
    FROM service_cases c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.resolved_at >= :from AND c.resolved_at < :until AND a.segment = 'smb'
    UNION ALL
    SELECT COALESCE(o.rep_id, '') AS rep, o.id AS worked_on, NULL AS signed_in
    FROM DEALS o
    JOIN accounts a ON a.id = o.account_id
    WHERE (((o.created_at IS NULL OR o.created_at < :from) AND (o.closed_at IS NULL OR o.closed_at >= :from))
           OR (o.created_at >= :from AND o.created_at < :until)) AND a.segment = 'smb'
    UNION ALL
    SELECT COALESCE(s.rep_id, '') AS rep, NULL AS worked_on, NULLIF(s.rep_id, '') AS signed_in
    FROM sign_ins s
    JOIN reps r ON r.id = s.rep_id
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until AND r.segment = 'smb'
) parts
GROUP BY rep
