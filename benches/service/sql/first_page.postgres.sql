WITH page AS (SELECT id, name FROM reps ORDER BY id LIMIT 100)
SELECT p.id, p.name,
       COUNT(*) FILTER (WHERE o.status = 'won'),
       COUNT(*),
       COALESCE(SUM(o.amount_minor) FILTER (WHERE o.status = 'won'), 0)::bigint
FROM page p
JOIN opportunities o ON o.rep_id = p.id
WHERE o.status IN ('won', 'lost') AND o.closed_at >= $1 AND o.closed_at < $2
GROUP BY p.id, p.name
ORDER BY p.id
