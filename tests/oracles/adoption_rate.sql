-- adoption_rate: the different reps who signed in while they were employed over the reps employed at any time in the period: at
-- its start, or hired in it. Who left no later than they came has never been employed.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
    UNION ALL
    SELECT NULL AS signed_in, r.id AS employed
    FROM reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < :until) AND (r.left_at IS NULL OR r.left_at >= :from)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at)
) parts

-- by rep
SELECT rep, COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT COALESCE(s.rep_id, '') AS rep, NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
    UNION ALL
    SELECT r.id AS rep, NULL AS signed_in, r.id AS employed
    FROM reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < :until) AND (r.left_at IS NULL OR r.left_at >= :from)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at)
) parts
GROUP BY rep

-- by month
SELECT month, COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT m.month, NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM MONTHS m
    CROSS JOIN sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= m.starts AND s.signed_in_at < m.ends
    UNION ALL
    SELECT m.month, NULL AS signed_in, r.id AS employed
    FROM MONTHS m
    CROSS JOIN reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < m.ends) AND (r.left_at IS NULL OR r.left_at >= m.starts)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at)
) parts
GROUP BY month

-- by rep, month
SELECT rep, month, COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT COALESCE(s.rep_id, '') AS rep, m.month, NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM MONTHS m
    CROSS JOIN sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= m.starts AND s.signed_in_at < m.ends
    UNION ALL
    SELECT r.id AS rep, m.month, NULL AS signed_in, r.id AS employed
    FROM MONTHS m
    CROSS JOIN reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < m.ends) AND (r.left_at IS NULL OR r.left_at >= m.starts)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at)
) parts
GROUP BY rep, month

-- by segment
SELECT segment, COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT COALESCE(r.segment, '') AS segment, NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
    UNION ALL
    SELECT COALESCE(r.segment, '') AS segment, NULL AS signed_in, r.id AS employed
    FROM reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < :until) AND (r.left_at IS NULL OR r.left_at >= :from)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at)
) parts
GROUP BY segment

-- by month where segment = enterprise
SELECT month, COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT m.month, NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM MONTHS m
    CROSS JOIN sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= m.starts AND s.signed_in_at < m.ends AND r.segment = 'enterprise'
    UNION ALL
    SELECT m.month, NULL AS signed_in, r.id AS employed
    FROM MONTHS m
    CROSS JOIN reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < m.ends) AND (r.left_at IS NULL OR r.left_at >= m.starts)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at) AND r.segment = 'enterprise'
) parts
GROUP BY month

-- by rep where segment = smb
SELECT rep, COUNT(DISTINCT signed_in) AS numerator, COUNT(employed) AS denominator
FROM (
    SELECT COALESCE(s.rep_id, '') AS rep, NULLIF(s.rep_id, '') AS signed_in, NULL AS employed
    FROM sign_ins s
    JOIN reps r ON r.id = s.rep_id AND (r.hired_at IS NULL OR s.signed_in_at >= r.hired_at)
          AND (r.left_at IS NULL OR s.signed_in_at < r.left_at)
    WHERE s.signed_in_at >= :from AND s.signed_in_at < :until AND r.segment = 'smb'
    UNION ALL
    SELECT r.id AS rep, NULL AS signed_in, r.id AS employed
    FROM reps r
    WHERE (r.hired_at IS NULL OR r.hired_at < :until) AND (r.left_at IS NULL OR r.left_at >= :from)
      AND (r.left_at IS NULL OR r.hired_at IS NULL OR r.hired_at < r.left_at) AND r.segment = 'smb'
) parts
GROUP BY rep
