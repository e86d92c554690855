//! Subscriptions, the movements of their value, and renewals.

pub const LAWS: &[(&str, &str)] = &[
    (
        "the movements of a subscription add up to its amount while it is live, and to nothing once it has ended",
        "SELECT COUNT(*) FROM subscriptions s WHERE s.monthly_amount_minor <= 0 OR (SELECT COALESCE(SUM(change_minor), 0)
           FROM mrr_movements m WHERE m.subscription_id = s.id)
             <> CASE WHEN s.ended_at IS NULL THEN s.monthly_amount_minor ELSE 0 END",
    ),
    (
        "a subscription ends by churn of all that it was worth, and by nothing else",
        "SELECT COUNT(*) FROM subscriptions s LEFT JOIN mrr_movements m ON m.subscription_id = s.id AND m.kind = 'churn'
          WHERE (s.ended_at IS NULL) <> (m.number IS NULL) OR m.moved_at <> s.ended_at
             OR m.change_minor <> -s.monthly_amount_minor OR m.number <> (SELECT MAX(number) FROM mrr_movements o
               WHERE o.subscription_id = s.id)",
    ),
    (
        "contraction and churn take away, the others add",
        "SELECT COUNT(*) FROM mrr_movements WHERE change_minor = 0
           OR (kind IN ('contraction', 'churn')) <> (change_minor < 0)",
    ),
    (
        "a subscription begins with its first movement, and later ones expand or contract it",
        "SELECT COUNT(*) FROM mrr_movements m JOIN subscriptions s ON s.id = m.subscription_id
           LEFT JOIN mrr_movements b ON b.subscription_id = m.subscription_id AND b.number = m.number - 1
          WHERE (m.number = 1 AND (m.moved_at <> s.started_at OR m.kind NOT IN ('new', 'reactivation', 'expansion')))
             OR (m.number > 1 AND (b.number IS NULL OR b.moved_at > m.moved_at
               OR m.kind NOT IN ('expansion', 'contraction', 'churn')))",
    ),
    (
        "the first subscription of an account is new, one after all others have ended a reactivation, one more expansion",
        "SELECT COUNT(*) FROM mrr_movements m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.number = 1
            AND m.kind <> CASE
              WHEN NOT EXISTS (SELECT 1 FROM subscriptions o WHERE o.account_id = s.account_id AND o.id < s.id) THEN 'new'
              WHEN EXISTS (SELECT 1 FROM subscriptions o WHERE o.account_id = s.account_id AND o.id < s.id
                AND (o.ended_at IS NULL OR o.ended_at > s.started_at)) THEN 'expansion'
              ELSE 'reactivation' END",
    ),
    (
        "a subscription lives as long as the tenure in which it was bought",
        "SELECT COUNT(*) FROM subscriptions s WHERE 1 <> (SELECT COUNT(*) FROM customer_tenures t
          WHERE t.account_id = s.account_id AND t.rep_id = s.rep_id AND t.started_at <= s.started_at
            AND (t.ended_at = s.ended_at OR (t.ended_at IS NULL AND s.ended_at IS NULL)))",
    ),
    (
        "every recurring deal that was won is a movement by its monthly amount",
        "SELECT COUNT(*) FROM opportunities d WHERE d.status = 'won' AND d.monthly_amount_minor > 0 AND NOT EXISTS
           (SELECT 1 FROM subscriptions s JOIN mrr_movements m ON m.subscription_id = s.id
             WHERE s.account_id = d.account_id AND s.product_id = d.product_id AND m.moved_at = d.closed_at
               AND m.change_minor = d.monthly_amount_minor)",
    ),
    (
        "what adds to a subscription was ordered then",
        "SELECT COUNT(*) FROM mrr_movements m JOIN subscriptions s ON s.id = m.subscription_id
          WHERE m.kind IN ('new', 'expansion', 'reactivation') AND NOT EXISTS (SELECT 1 FROM orders o
            WHERE o.account_id = s.account_id AND o.product_id = s.product_id AND o.ordered_at = m.moved_at
              AND o.amount_minor = 12 * m.change_minor)",
    ),
    (
        "what is not renewed ends when that was due",
        "SELECT COUNT(*) FROM renewals r JOIN subscriptions s ON s.id = r.subscription_id
          WHERE r.due_at <= s.started_at OR r.due_at > s.ended_at
             OR (r.renewed_at IS NULL) <> (s.ended_at IS NOT NULL AND r.due_at = s.ended_at)",
    ),
    (
        "what is renewed was ordered again then",
        "SELECT COUNT(*) FROM renewals r JOIN subscriptions s ON s.id = r.subscription_id
          WHERE r.renewed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders o
            WHERE o.account_id = s.account_id AND o.kind = 'renewal' AND o.ordered_at = r.renewed_at)",
    ),
];
