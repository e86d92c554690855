WITH deals AS (
    SELECT rep_id,
           COALESCE(SUM(amount_minor) FILTER (WHERE status = 'won'), 0) AS won_minor,
           COUNT(*) FILTER (WHERE status = 'won') AS won,
           COUNT(*) AS closed
    FROM opportunities
    WHERE status IN ('won', 'lost') AND closed_at >= ':from' AND closed_at < ':until'
    GROUP BY rep_id
)
SELECT COALESCE(d.rep_id, ''), COALESCE(r.name, ''), (d.won_minor / 100)::numeric(20, 2),
       round(d.won::numeric / d.closed, 6), d.won, d.closed
FROM deals d
LEFT JOIN reps r ON r.id = d.rep_id
ORDER BY 1
