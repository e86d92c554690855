WITH deals AS (
    SELECT rep_id,
           SUM(amount_minor) FILTER (WHERE status = 'won') AS won_minor,
           COUNT(*) FILTER (WHERE status = 'won') AS won,
           COUNT(*) AS closed
    FROM opportunities
    WHERE status IN ('won', 'lost') AND closed_at >= ?1 AND closed_at < ?2
    GROUP BY rep_id
)
SELECT COALESCE(d.rep_id, ''), COALESCE(r.name, ''), d.won, d.closed, COALESCE(d.won_minor, 0)
FROM deals d
LEFT JOIN reps r ON r.id = d.rep_id
ORDER BY 1
