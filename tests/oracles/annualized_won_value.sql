-- annualized_won_value: a yearly figure per win: 12 times the monthly value of a recurring deal, the amount of a
-- one-off deal.
-- numerator in minor units, denominator in ones

-- total
SELECT SUM(CASE WHEN monthly_amount_minor IS NOT NULL THEN 12 * monthly_amount_minor ELSE amount_minor END) AS numerator,
       COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep,
       SUM(CASE WHEN monthly_amount_minor IS NOT NULL THEN 12 * monthly_amount_minor ELSE amount_minor END) AS numerator,
       COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month,
       SUM(CASE WHEN monthly_amount_minor IS NOT NULL THEN 12 * monthly_amount_minor ELSE amount_minor END) AS numerator,
       COUNT(*) AS denominator
FROM opportunities
WHERE status = 'won' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment,
       SUM(CASE WHEN o.monthly_amount_minor IS NOT NULL THEN 12 * o.monthly_amount_minor ELSE o.amount_minor END)
           AS numerator,
       COUNT(*) AS denominator
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where source_kind = marketing
SELECT COALESCE(o.rep_id, '') AS rep,
       SUM(CASE WHEN o.monthly_amount_minor IS NOT NULL THEN 12 * o.monthly_amount_minor ELSE o.amount_minor END)
           AS numerator,
       COUNT(*) AS denominator
FROM opportunities o
JOIN sources s ON s.id = o.source_id
WHERE o.status = 'won' AND o.closed_at >= :from AND o.closed_at < :until AND s.kind = 'marketing'
GROUP BY COALESCE(o.rep_id, '')
