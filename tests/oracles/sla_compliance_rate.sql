-- sla_compliance_rate: cases resolved no later than they were due, over all that were resolved or fell due. Each case
-- with a due time counts once, at the earlier of the two: one that is resolved late has failed when it fell due.
-- numerator in ones, denominator in ones

-- total
SELECT SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until

-- by rep
SELECT COALESCE(c.rep_id, '') AS rep, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY COALESCE(c.rep_id, '')

-- by month
SELECT MONTH(j.judged_at) AS month, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY MONTH(j.judged_at)

-- by rep, month
SELECT COALESCE(c.rep_id, '') AS rep, MONTH(j.judged_at) AS month,
       SUM(j.kept) AS numerator,
       COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY COALESCE(c.rep_id, ''), MONTH(j.judged_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
LEFT JOIN accounts a ON a.id = c.account_id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY COALESCE(a.segment, '')

-- by case_kind
SELECT COALESCE(c.kind, '') AS case_kind, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY COALESCE(c.kind, '')

-- by channel
SELECT COALESCE(c.channel, '') AS channel, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY COALESCE(c.channel, '')

-- by product
SELECT COALESCE(c.product_id, '') AS product, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until
GROUP BY COALESCE(c.product_id, '')

-- by month where segment = enterprise
SELECT MONTH(j.judged_at) AS month, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
JOIN accounts a ON a.id = c.account_id
WHERE j.judged_at >= :from AND j.judged_at < :until AND a.segment = 'enterprise'
GROUP BY MONTH(j.judged_at)

-- by rep where channel = phone
SELECT COALESCE(c.rep_id, '') AS rep, SUM(j.kept) AS numerator, COUNT(*) AS denominator
FROM (SELECT id, CASE WHEN resolved_at < due_at THEN resolved_at ELSE due_at END AS judged_at,
             CASE WHEN resolved_at <= due_at THEN 1 ELSE 0 END AS kept
      FROM service_cases WHERE due_at IS NOT NULL) j
JOIN service_cases c ON c.id = j.id
WHERE j.judged_at >= :from AND j.judged_at < :until AND c.channel = 'phone'
GROUP BY COALESCE(c.rep_id, '')
