-- profile_view_growth_rate: views of profiles less those of the period before, over those of the period before.
-- Before a month is the month before; before a whole period are as many months, where it is made of whole ones, or as
-- many days.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(CASE WHEN p.taken_at >= :from AND p.taken_at < :until
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS denominator
FROM social_profile_snapshots p

-- by rep
SELECT COALESCE(p.rep_id, '') AS rep,
       SUM(CASE WHEN p.taken_at >= :from AND p.taken_at < :until
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS denominator
FROM social_profile_snapshots p
GROUP BY COALESCE(p.rep_id, '')

-- by month
SELECT m.month,
       SUM(CASE WHEN p.taken_at >= m.starts AND p.taken_at < m.ends
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= m.before_starts AND p.taken_at < m.before_ends
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= m.before_starts AND p.taken_at < m.before_ends
                THEN p.profile_views ELSE 0 END) AS denominator
FROM MONTHS m
CROSS JOIN social_profile_snapshots p
GROUP BY m.month

-- by rep, month
SELECT COALESCE(p.rep_id, '') AS rep, m.month,
       SUM(CASE WHEN p.taken_at >= m.starts AND p.taken_at < m.ends
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= m.before_starts AND p.taken_at < m.before_ends
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= m.before_starts AND p.taken_at < m.before_ends
                THEN p.profile_views ELSE 0 END) AS denominator
FROM MONTHS m
CROSS JOIN social_profile_snapshots p
GROUP BY COALESCE(p.rep_id, ''), m.month

-- by segment
SELECT COALESCE(r.segment, '') AS segment,
       SUM(CASE WHEN p.taken_at >= :from AND p.taken_at < :until
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS denominator
FROM social_profile_snapshots p
LEFT JOIN reps r ON r.id = p.rep_id
GROUP BY COALESCE(r.segment, '')

-- by network
SELECT COALESCE(p.network, '') AS network,
       SUM(CASE WHEN p.taken_at >= :from AND p.taken_at < :until
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS denominator
FROM social_profile_snapshots p
GROUP BY COALESCE(p.network, '')

-- by month where segment = enterprise
SELECT m.month,
       SUM(CASE WHEN p.taken_at >= m.starts AND p.taken_at < m.ends
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= m.before_starts AND p.taken_at < m.before_ends
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= m.before_starts AND p.taken_at < m.before_ends
                THEN p.profile_views ELSE 0 END) AS denominator
FROM MONTHS m
CROSS JOIN social_profile_snapshots p
JOIN reps r ON r.id = p.rep_id
WHERE r.segment = 'enterprise'
GROUP BY m.month

-- by rep where network = linkedin
SELECT COALESCE(p.rep_id, '') AS rep,
       SUM(CASE WHEN p.taken_at >= :from AND p.taken_at < :until
                THEN p.profile_views ELSE 0 END)
       - SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS numerator,
       SUM(CASE WHEN p.taken_at >= :before_from AND p.taken_at < :before_until
                THEN p.profile_views ELSE 0 END) AS denominator
FROM social_profile_snapshots p
WHERE p.network = 'linkedin'
GROUP BY COALESCE(p.rep_id, '')
