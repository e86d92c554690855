//! Service cases, calls, and answers to surveys.

pub const LAWS: &[(&str, &str)] = &[
    (
        "a case is opened, answered and resolved in this order",
        "SELECT COUNT(*) FROM service_cases WHERE kind IS NULL OR channel NOT IN ('phone', 'email', 'chat', 'web')
           OR first_response_at < opened_at OR resolved_at < first_response_at OR due_at IS NULL OR due_at <= opened_at
           OR (resolved_at IS NOT NULL AND first_response_at IS NULL)",
    ),
    (
        "only customers open cases",
        "SELECT COUNT(*) FROM service_cases c WHERE NOT EXISTS (SELECT 1 FROM customer_tenures t
          WHERE t.account_id = c.account_id AND t.started_at <= c.opened_at
            AND (t.ended_at IS NULL OR t.ended_at > c.opened_at))",
    ),
    (
        "a call about a case comes from its customer, at or after its opening",
        "SELECT COUNT(*) FROM service_calls s JOIN service_cases c ON c.id = s.case_id
          WHERE s.account_id <> c.account_id OR s.offered_at < c.opened_at",
    ),
    (
        "every case that came in by phone has the call",
        "SELECT COUNT(*) FROM service_cases c WHERE c.channel = 'phone' AND NOT EXISTS (SELECT 1 FROM service_calls s
          WHERE s.case_id = c.id AND s.offered_at = c.opened_at AND s.outcome = 'answered')",
    ),
    (
        "only calls that were answered are handled",
        "SELECT COUNT(*) FROM service_calls WHERE handle_seconds <= 0
           OR (outcome = 'abandoned' AND handle_seconds IS NOT NULL)",
    ),
    (
        "a score is on its survey's scale",
        "SELECT COUNT(*) FROM survey_answers WHERE (kind = 'nps' AND score NOT BETWEEN 0 AND 10)
           OR (kind = 'csat' AND score NOT BETWEEN 1 AND 5) OR (kind = 'ces' AND score NOT BETWEEN 1 AND 7)",
    ),
    (
        "customers are asked about a case after it was resolved, and say once what they think of it",
        "SELECT (SELECT COUNT(*) FROM survey_answers a LEFT JOIN service_cases c ON c.id = a.case_id
            WHERE a.kind <> 'nps' AND (c.resolved_at IS NULL OR c.resolved_at > a.answered_at
              OR c.account_id <> a.account_id OR c.rep_id <> a.rep_id))
          + (SELECT COUNT(*) FROM (SELECT case_id FROM survey_answers WHERE case_id IS NOT NULL
              GROUP BY case_id, kind HAVING COUNT(*) > 1) twice)",
    ),
];
