-- email_list_growth_rate: addresses at the end less those at the start, over those at the start; each once. A row without
-- an address stands for one.
-- numerator in ones, denominator in ones

-- total
SELECT COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e

-- by rep
SELECT COALESCE(e.rep_id, '') AS rep,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
GROUP BY COALESCE(e.rep_id, '')

-- by month
SELECT m.month,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < m.ends AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.ends)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < m.starts AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.starts)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < m.starts AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.starts)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
CROSS JOIN MONTHS m
GROUP BY m.month

-- by rep, month
SELECT COALESCE(e.rep_id, '') AS rep, m.month,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < m.ends AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.ends)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < m.starts AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.starts)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < m.starts AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.starts)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
CROSS JOIN MONTHS m
GROUP BY COALESCE(e.rep_id, ''), m.month

-- by segment
SELECT COALESCE(e.segment, '') AS segment,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
GROUP BY COALESCE(e.segment, '')

-- by campaign
SELECT COALESCE(e.campaign_id, '') AS campaign,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
GROUP BY COALESCE(e.campaign_id, '')

-- by channel
SELECT COALESCE(k.channel, '') AS channel,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
LEFT JOIN campaigns k ON k.id = e.campaign_id
GROUP BY COALESCE(k.channel, '')

-- by source
SELECT COALESCE(e.source_id, '') AS source,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
GROUP BY COALESCE(e.source_id, '')

-- by month where segment = enterprise
SELECT m.month,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < m.ends AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.ends)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < m.starts AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.starts)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < m.starts AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= m.starts)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
CROSS JOIN MONTHS m
WHERE e.segment = 'enterprise'
GROUP BY m.month

-- by region where channel = email|social
SELECT COALESCE(e.region, '') AS region,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :until AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :until)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END)
       - COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS numerator,
       COUNT(DISTINCT CASE WHEN e.subscribed_at < :from AND (e.unsubscribed_at IS NULL OR e.unsubscribed_at >= :from)
                   AND (e.unsubscribed_at IS NULL OR e.subscribed_at < e.unsubscribed_at) THEN e.whose END) AS denominator
FROM (SELECT l.*, CASE WHEN COALESCE(email, '') <> '' THEN 'address ' || email ELSE 'row ' || id END AS whose
      FROM mailing_list_subscriptions l) e
LEFT JOIN campaigns k ON k.id = e.campaign_id
WHERE k.channel IN ('email', 'social')
GROUP BY COALESCE(e.region, '')
