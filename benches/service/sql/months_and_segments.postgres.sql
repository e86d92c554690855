SELECT to_char(month, 'YYYY-MM'), segment, won_minor::bigint
FROM (
    SELECT date_trunc('month', o.closed_at AT TIME ZONE 'UTC') AS month,
           COALESCE(a.segment, '') AS segment,
           COALESCE(SUM(o.amount_minor), 0) AS won_minor
    FROM opportunities o
    JOIN accounts a ON a.id = o.account_id
    WHERE o.status = 'won' AND o.closed_at >= $1 AND o.closed_at < $2 AND a.region = $3
    GROUP BY 1, 2
) months
ORDER BY 1, 2
