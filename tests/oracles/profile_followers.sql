-- profile_followers: the followers that the latest snapshot of each profile before the end shows.
-- value in ones

-- total
SELECT SUM(p.followers) AS value
FROM social_profile_snapshots p
WHERE p.taken_at < :until AND (p.replaced_at IS NULL OR p.replaced_at >= :until)

-- by rep
SELECT COALESCE(p.rep_id, '') AS rep, SUM(p.followers) AS value
FROM social_profile_snapshots p
WHERE p.taken_at < :until AND (p.replaced_at IS NULL OR p.replaced_at >= :until)
GROUP BY COALESCE(p.rep_id, '')

-- by month
SELECT m.month, SUM(p.followers) AS value
FROM MONTHS m
JOIN social_profile_snapshots p ON p.taken_at < m.ends AND (p.replaced_at IS NULL OR p.replaced_at >= m.ends)
GROUP BY m.month

-- by rep, month
SELECT COALESCE(p.rep_id, '') AS rep, m.month, SUM(p.followers) AS value
FROM MONTHS m
JOIN social_profile_snapshots p ON p.taken_at < m.ends AND (p.replaced_at IS NULL OR p.replaced_at >= m.ends)
GROUP BY COALESCE(p.rep_id, ''), m.month

-- by segment
SELECT COALESCE(r.segment, '') AS segment, SUM(p.followers) AS value
FROM social_profile_snapshots p
LEFT JOIN reps r ON r.id = p.rep_id
WHERE p.taken_at < :until AND (p.replaced_at IS NULL OR p.replaced_at >= :until)
GROUP BY COALESCE(r.segment, '')

-- by network
SELECT COALESCE(p.network, '') AS network, SUM(p.followers) AS value
FROM social_profile_snapshots p
WHERE p.taken_at < :until AND (p.replaced_at IS NULL OR p.replaced_at >= :until)
GROUP BY COALESCE(p.network, '')

-- by month where segment = enterprise
SELECT m.month, SUM(p.followers) AS value
FROM MONTHS m
JOIN social_profile_snapshots p ON p.taken_at < m.ends AND (p.replaced_at IS NULL OR p.replaced_at >= m.ends)
JOIN reps r ON r.id = p.rep_id
WHERE r.segment = 'enterprise'
GROUP BY m.month

-- by rep where network = linkedin
SELECT COALESCE(p.rep_id, '') AS rep, SUM(p.followers) AS value
FROM social_profile_snapshots p
WHERE p.taken_at < :until AND (p.replaced_at IS NULL OR p.replaced_at >= :until) AND p.network = 'linkedin'
GROUP BY COALESCE(p.rep_id, '')
