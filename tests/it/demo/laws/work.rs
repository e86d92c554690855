//! What reps do, post and learn, and when they are there.

pub const LAWS: &[(&str, &str)] = &[
    (
        "a rep leaves after being hired, and serves a segment and a region",
        "SELECT COUNT(*) FROM reps WHERE hired_at IS NULL OR left_at <= hired_at OR segment IS NULL OR region IS NULL",
    ),
    (
        "only who is employed signs in, is trained, posts and does something",
        "SELECT COUNT(*) FROM (SELECT rep_id, signed_in_at AS at FROM sign_ins
            UNION ALL SELECT rep_id, completed_at FROM training_results
            UNION ALL SELECT rep_id, published_at FROM social_posts
            UNION ALL SELECT rep_id, occurred_at FROM activities
            UNION ALL SELECT rep_id, ordered_at FROM orders
            UNION ALL SELECT rep_id, created_at FROM leads
            UNION ALL SELECT rep_id, created_at FROM opportunities) done JOIN reps r ON r.id = done.rep_id
          WHERE done.at < r.hired_at OR done.at > r.left_at",
    ),
    (
        "a first approach goes out, to somebody who is no customer",
        "SELECT COUNT(*) FROM activities WHERE prospecting
            AND (direction <> 'outbound' OR account_id IS NOT NULL OR opportunity_id IS NOT NULL OR kind = 'meeting')",
    ),
    (
        "what is personalized is written by a rep",
        "SELECT COUNT(*) FROM activities WHERE personalized
            AND (direction <> 'outbound' OR kind NOT IN ('email', 'message'))",
    ),
    (
        "reps work on their own deals while these are open",
        "SELECT COUNT(*) FROM activities x JOIN opportunities d ON d.id = x.opportunity_id
          WHERE x.rep_id <> d.rep_id OR x.account_id <> d.account_id OR x.occurred_at < d.created_at
             OR x.occurred_at > d.closed_at",
    ),
    (
        "reps work on their own leads until a deal comes of them or nothing will",
        "SELECT COUNT(*) FROM activities x JOIN leads l ON l.id = x.lead_id
           LEFT JOIN opportunities d ON d.id = l.opportunity_id
           LEFT JOIN lead_stages s ON s.lead_id = l.id AND s.status = 'disqualified'
          WHERE x.rep_id <> l.rep_id OR x.occurred_at < l.created_at OR x.occurred_at > d.created_at
             OR x.occurred_at > s.entered_at",
    ),
    (
        "who is not worked on for a deal is a customer",
        "SELECT COUNT(*) FROM activities x WHERE x.opportunity_id IS NULL AND x.account_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM customer_tenures t WHERE t.account_id = x.account_id
              AND t.started_at <= x.occurred_at AND (t.ended_at IS NULL OR t.ended_at > x.occurred_at))",
    ),
    (
        "a snapshot is replaced by the profile's next",
        "SELECT COUNT(*) FROM (SELECT replaced_at, LEAD(taken_at) OVER (PARTITION BY rep_id, network ORDER BY taken_at)
            AS next FROM social_profile_snapshots) pairs
          WHERE (replaced_at IS NULL) <> (next IS NULL) OR replaced_at <> next",
    ),
    (
        "what a profile shows is possible",
        "SELECT COUNT(*) FROM social_profile_snapshots WHERE followers <= 0 OR strength NOT BETWEEN 1 AND 5
           OR profile_views < 0 OR requests_accepted NOT BETWEEN 0 AND requests_sent OR inbound_requests < 0",
    ),
    ("quizzes are passed", "SELECT COUNT(*) FROM training_results WHERE score NOT BETWEEN 60 AND 100"),
    (
        "posts are liked more than commented on",
        "SELECT COUNT(*) FROM social_posts WHERE shares < 0 OR comments < 0 OR likes < comments OR likes < shares",
    ),
];
