//! Leads, campaigns, costs, referrals, web sessions and mailing lists.

pub const LAWS: &[(&str, &str)] = &[
    (
        "a lead is converted, or qualified before it ends, if and only if it says when",
        "SELECT COUNT(*) FROM leads WHERE (status = 'converted') <> (converted_at IS NOT NULL)
           OR (status = 'qualified' AND qualified_at IS NULL) OR qualified_at <= created_at OR converted_at <= qualified_at
           OR (converted_at IS NOT NULL AND qualified_at IS NULL)
           OR (status IN ('new', 'contacted') AND qualified_at IS NOT NULL)",
    ),
    (
        "a lead's deal is its rep's and account's, of the same source, and came after it was qualified",
        "SELECT COUNT(*) FROM leads l JOIN opportunities d ON d.id = l.opportunity_id
          WHERE l.rep_id <> d.rep_id OR l.account_id <> d.account_id OR l.source_id <> d.source_id
             OR l.qualified_at IS NULL OR l.qualified_at > d.created_at OR l.created_at > d.first_contact_at",
    ),
    (
        "a lead is converted if and only if its deal was won, and when it was",
        "SELECT COUNT(*) FROM leads l LEFT JOIN opportunities d ON d.id = l.opportunity_id
          WHERE (l.status = 'converted') <> (d.status IS NOT NULL AND d.status = 'won')
             OR l.converted_at <> d.closed_at OR (d.status = 'open' AND l.status <> 'qualified')
             OR (d.status = 'lost' AND l.status <> 'disqualified')",
    ),
    (
        "a deal comes of one lead at most",
        "SELECT COUNT(*) FROM (SELECT opportunity_id FROM leads WHERE opportunity_id IS NOT NULL
          GROUP BY opportunity_id HAVING COUNT(*) > 1) twice",
    ),
    (
        "leads differ by their address",
        "SELECT COUNT(*) FROM (SELECT email FROM leads GROUP BY email HAVING COUNT(*) > 1) twice",
    ),
    (
        "a lead's history begins as new at its creation",
        "SELECT COUNT(*) FROM leads l LEFT JOIN lead_stages s ON s.lead_id = l.id AND s.number = 1
          WHERE s.status IS NULL OR s.status <> 'new' OR s.entered_at <> l.created_at",
    ),
    (
        "a lead's history is without gaps",
        "SELECT COUNT(*) FROM lead_stages s
           LEFT JOIN lead_stages b ON b.lead_id = s.lead_id AND b.number = s.number - 1
          WHERE s.left_at <= s.entered_at OR (s.number > 1
            AND (b.left_at IS NULL OR b.left_at <> s.entered_at OR b.status = s.status))",
    ),
    (
        "a lead's history ends where the lead stands",
        "SELECT COUNT(*) FROM lead_stages s JOIN leads l ON l.id = s.lead_id
           LEFT JOIN lead_stages n ON n.lead_id = s.lead_id AND n.number = s.number + 1
          WHERE (n.lead_id IS NULL) <> (s.left_at IS NULL) OR (n.lead_id IS NULL AND s.status <> l.status)
             OR (s.status = 'qualified' AND s.entered_at <> l.qualified_at)
             OR (s.status = 'converted' AND s.entered_at <> l.converted_at)",
    ),
    (
        "a lead's campaign is of its source, and ran when it was created",
        "SELECT COUNT(*) FROM leads l JOIN campaigns c ON c.id = l.campaign_id
          WHERE c.source_id <> l.source_id OR c.starts_at > l.created_at OR c.ends_at <= l.created_at
             OR c.region <> l.region OR c.segment <> l.segment",
    ),
    (
        "a lead that a campaign brought has responded to it",
        "SELECT COUNT(*) FROM leads l WHERE l.campaign_id IS NOT NULL AND 1 <> (SELECT COUNT(*)
           FROM campaign_responses r WHERE r.lead_id = l.id AND r.campaign_id = l.campaign_id
            AND r.responded_at = l.created_at)",
    ),
    (
        "campaigns are responded to while they run, in order",
        "SELECT COUNT(*) FROM campaign_responses r JOIN campaigns c ON c.id = r.campaign_id
           LEFT JOIN campaign_responses b ON b.campaign_id = r.campaign_id AND b.number = r.number - 1
          WHERE r.responded_at < c.starts_at OR r.responded_at >= c.ends_at OR b.responded_at > r.responded_at
             OR (r.number > 1 AND b.number IS NULL)",
    ),
    (
        "an order is credited to a campaign of its source that ran when its deal was created",
        "SELECT COUNT(*) FROM orders o JOIN campaigns c ON c.id = o.campaign_id
           LEFT JOIN opportunities d ON d.id = o.opportunity_id LEFT JOIN accounts a ON a.id = o.account_id
          WHERE d.id IS NULL OR c.source_id <> o.source_id OR c.starts_at > d.created_at OR c.ends_at <= d.created_at
             OR c.region <> a.region OR c.segment <> a.segment",
    ),
    (
        "no campaign goes without the credit for a deal",
        "SELECT COUNT(*) FROM orders o JOIN opportunities d ON d.id = o.opportunity_id
           JOIN accounts a ON a.id = o.account_id JOIN campaigns c ON c.source_id = o.source_id
            AND c.starts_at <= d.created_at AND (c.ends_at IS NULL OR c.ends_at > d.created_at)
            AND (c.region IS NULL OR c.region = a.region) AND (c.segment IS NULL OR c.segment = a.segment)
          WHERE o.campaign_id IS NULL",
    ),
    ("a campaign takes time", "SELECT COUNT(*) FROM campaigns WHERE ends_at <= starts_at OR starts_at IS NULL"),
    (
        "money is spent on a stretch of time, in whole dollars",
        "SELECT COUNT(*) FROM costs WHERE amount_minor <= 0 OR amount_minor % 100 <> 0 OR currency <> 'USD'
           OR ends_at IS NULL OR ends_at <= starts_at",
    ),
    (
        "every campaign costs something while it runs, from its source's and channel's money",
        "SELECT COUNT(*) FROM campaigns c LEFT JOIN costs k ON k.campaign_id = c.id
          WHERE k.id IS NULL OR k.kind <> 'marketing' OR k.channel <> c.channel OR k.source_id <> c.source_id
             OR k.starts_at > c.starts_at OR k.ends_at < c.ends_at",
    ),
    (
        "customers recommend, and the lead that comes of it says so",
        "SELECT COUNT(*) FROM referrals r LEFT JOIN leads l ON l.id = r.lead_id
          WHERE l.source_id <> 'src-06' OR r.referred_at > l.created_at OR r.rep_id <> l.rep_id
             OR r.account_id = l.account_id OR NOT EXISTS (SELECT 1 FROM customer_tenures t
               WHERE t.account_id = r.account_id AND t.started_at <= r.referred_at
                 AND (t.ended_at IS NULL OR t.ended_at > r.referred_at))",
    ),
    (
        "a visit has pages and takes time, and its visitor was known before",
        "SELECT COUNT(*) FROM web_sessions w LEFT JOIN leads l ON l.id = w.lead_id
           LEFT JOIN campaigns c ON c.id = w.campaign_id
          WHERE w.page_views NOT BETWEEN 1 AND 15 OR w.duration_seconds <= 0 OR l.created_at > w.started_at
             OR l.rep_id <> w.rep_id OR c.source_id <> w.source_id OR c.starts_at > w.started_at
             OR c.ends_at <= w.started_at",
    ),
    (
        "an address is on a list once, and is taken off it after it was put there",
        "SELECT (SELECT COUNT(*) FROM mailing_list_subscriptions WHERE unsubscribed_at <= subscribed_at OR email IS NULL)
          + (SELECT COUNT(*) FROM (SELECT email FROM mailing_list_subscriptions GROUP BY email, list
              HAVING COUNT(*) > 1) twice)",
    ),
];
