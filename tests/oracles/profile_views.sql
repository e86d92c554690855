-- profile_views: views of profiles, by the time of the snapshot that counts them.
-- value in ones

-- total
SELECT SUM(p.profile_views) AS value
FROM social_profile_snapshots p
WHERE p.taken_at >= :from AND p.taken_at < :until

-- by rep
SELECT COALESCE(p.rep_id, '') AS rep, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
WHERE p.taken_at >= :from AND p.taken_at < :until
GROUP BY COALESCE(p.rep_id, '')

-- by month
SELECT MONTH(p.taken_at) AS month, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
WHERE p.taken_at >= :from AND p.taken_at < :until
GROUP BY MONTH(p.taken_at)

-- by rep, month
SELECT COALESCE(p.rep_id, '') AS rep, MONTH(p.taken_at) AS month, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
WHERE p.taken_at >= :from AND p.taken_at < :until
GROUP BY COALESCE(p.rep_id, ''), MONTH(p.taken_at)

-- by segment
SELECT COALESCE(r.segment, '') AS segment, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
LEFT JOIN reps r ON r.id = p.rep_id
WHERE p.taken_at >= :from AND p.taken_at < :until
GROUP BY COALESCE(r.segment, '')

-- by network
SELECT COALESCE(p.network, '') AS network, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
WHERE p.taken_at >= :from AND p.taken_at < :until
GROUP BY COALESCE(p.network, '')

-- by month where segment = enterprise
SELECT MONTH(p.taken_at) AS month, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
JOIN reps r ON r.id = p.rep_id
WHERE p.taken_at >= :from AND p.taken_at < :until AND r.segment = 'enterprise'
GROUP BY MONTH(p.taken_at)

-- by rep where network = linkedin
SELECT COALESCE(p.rep_id, '') AS rep, SUM(p.profile_views) AS value
FROM social_profile_snapshots p
WHERE p.taken_at >= :from AND p.taken_at < :until AND p.network = 'linkedin'
GROUP BY COALESCE(p.rep_id, '')
