-- expected_value: the amounts of open deals by the day that they are expected to close on.
-- value in minor units

-- total
SELECT SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)

-- by rep
SELECT COALESCE(o.rep_id, '') AS rep, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(o.rep_id, '')

-- by month
SELECT SUBSTR(CAST(o.expected_close_on AS TEXT), 1, 7) AS month, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY SUBSTR(CAST(o.expected_close_on AS TEXT), 1, 7)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, SUM(o.amount_minor) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(a.segment, '')

-- by rep, month
SELECT COALESCE(o.rep_id, '') AS rep, SUBSTR(CAST(o.expected_close_on AS TEXT), 1, 7) AS month, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(o.rep_id, ''), SUBSTR(CAST(o.expected_close_on AS TEXT), 1, 7)

-- by month where segment = enterprise
SELECT SUBSTR(CAST(o.expected_close_on AS TEXT), 1, 7) AS month, SUM(o.amount_minor) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until) AND a.segment = 'enterprise'
GROUP BY SUBSTR(CAST(o.expected_close_on AS TEXT), 1, 7)

-- by pipeline
SELECT COALESCE(o.pipeline_id, '') AS pipeline, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(o.pipeline_id, '')

-- by forecast_category
SELECT COALESCE(o.forecast_category, '') AS forecast_category, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(o.forecast_category, '')

-- by sale_type
SELECT COALESCE(o.sale_type, '') AS sale_type, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(o.sale_type, '')

-- by stage
SELECT COALESCE(o.stage_id, '') AS stage, SUM(o.amount_minor) AS value
FROM opportunities o
WHERE o.status = 'open' AND CAST(o.expected_close_on AS TEXT) >= DAY(:from) AND CAST(o.expected_close_on AS TEXT) < DAY(:until)
GROUP BY COALESCE(o.stage_id, '')
