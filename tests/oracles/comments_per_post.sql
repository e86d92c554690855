-- comments_per_post: comments over published posts, by the time of publishing.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
WHERE p.published_at >= :from AND p.published_at < :until

-- by rep
SELECT COALESCE(p.rep_id, '') AS rep, SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
WHERE p.published_at >= :from AND p.published_at < :until
GROUP BY COALESCE(p.rep_id, '')

-- by month
SELECT MONTH(p.published_at) AS month, SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
WHERE p.published_at >= :from AND p.published_at < :until
GROUP BY MONTH(p.published_at)

-- by rep, month
SELECT COALESCE(p.rep_id, '') AS rep, MONTH(p.published_at) AS month,
       SUM(p.comments) AS numerator,
       COUNT(*) AS denominator
FROM social_posts p
WHERE p.published_at >= :from AND p.published_at < :until
GROUP BY COALESCE(p.rep_id, ''), MONTH(p.published_at)

-- by segment
SELECT COALESCE(r.segment, '') AS segment, SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
LEFT JOIN reps r ON r.id = p.rep_id
WHERE p.published_at >= :from AND p.published_at < :until
GROUP BY COALESCE(r.segment, '')

-- by network
SELECT COALESCE(p.network, '') AS network, SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
WHERE p.published_at >= :from AND p.published_at < :until
GROUP BY COALESCE(p.network, '')

-- by month where segment = enterprise
SELECT MONTH(p.published_at) AS month, SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
JOIN reps r ON r.id = p.rep_id
WHERE p.published_at >= :from AND p.published_at < :until AND r.segment = 'enterprise'
GROUP BY MONTH(p.published_at)

-- by rep where network = linkedin
SELECT COALESCE(p.rep_id, '') AS rep, SUM(p.comments) AS numerator, COUNT(*) AS denominator
FROM social_posts p
WHERE p.published_at >= :from AND p.published_at < :until AND p.network = 'linkedin'
GROUP BY COALESCE(p.rep_id, '')
