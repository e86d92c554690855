-- sign_ins: sign-ins to the CRM, also of a rep who is not on record.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM sign_ins s
WHERE s.signed_in_at >= :from AND s.signed_in_at < :until

-- by rep
SELECT COALESCE(s.rep_id, '') AS rep, COUNT(*) AS value
FROM sign_ins s
WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
GROUP BY COALESCE(s.rep_id, '')

-- by month
SELECT MONTH(s.signed_in_at) AS month, COUNT(*) AS value
FROM sign_ins s
WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
GROUP BY MONTH(s.signed_in_at)

-- by rep, month
SELECT COALESCE(s.rep_id, '') AS rep, MONTH(s.signed_in_at) AS month, COUNT(*) AS value
FROM sign_ins s
WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
GROUP BY COALESCE(s.rep_id, ''), MONTH(s.signed_in_at)

-- by segment
SELECT COALESCE(r.segment, '') AS segment, COUNT(*) AS value
FROM sign_ins s
LEFT JOIN reps r ON r.id = s.rep_id
WHERE s.signed_in_at >= :from AND s.signed_in_at < :until
GROUP BY COALESCE(r.segment, '')

-- by month where segment = enterprise
SELECT MONTH(s.signed_in_at) AS month, COUNT(*) AS value
FROM sign_ins s
JOIN reps r ON r.id = s.rep_id
WHERE s.signed_in_at >= :from AND s.signed_in_at < :until AND r.segment = 'enterprise'
GROUP BY MONTH(s.signed_in_at)
