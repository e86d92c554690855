SELECT COALESCE(SUM(amount_minor), 0)
FROM opportunities
WHERE status = 'won' AND closed_at >= ?1 AND closed_at < ?2
