SELECT substr(o.closed_at, 1, 7), COALESCE(a.segment, ''), COALESCE(SUM(o.amount_minor), 0)
FROM opportunities o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= ?1 AND o.closed_at < ?2 AND a.region = ?3
GROUP BY 1, 2
ORDER BY 1, 2
