WITH deals AS (
    SELECT rep_id,
           COALESCE(SUM(amount_minor) FILTER (WHERE status = 'won'), 0) AS won_minor,
           COUNT(*) FILTER (WHERE status = 'won') AS won,
           COUNT(*) AS closed
    FROM opportunities
    WHERE status IN ('won', 'lost') AND closed_at >= ':from' AND closed_at < ':until'
    GROUP BY rep_id
)
SELECT COALESCE(d.rep_id, ''), COALESCE(r.name, ''), printf('%d.%02d', d.won_minor / 100, d.won_minor % 100),
       printf('%.6f', 1.0 * d.won / d.closed), CAST(d.won AS TEXT), CAST(d.closed AS TEXT)
FROM deals d
LEFT JOIN reps r ON r.id = d.rep_id
ORDER BY 1
