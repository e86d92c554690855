//! Section 9: use of the CRM itself.

use super::Example;

pub fn examples() -> Vec<Example> {
    vec![Example {
        kpis: &["active_users", "adoption_rate", "sign_ins", "records_per_user"],
        rows: &[
            "INSERT INTO reps (id, name, hired_at, left_at) VALUES
            ('ann', 'Ann', NULL, NULL),
            ('bob', 'Bob', '2024-03-10T00:00:00+00:00', NULL),
            ('cid', 'Cid', NULL, '2024-02-20T00:00:00+00:00')",
            "INSERT INTO sign_ins (id, rep_id, signed_in_at) VALUES
            ('1', 'ann', '2024-03-02T00:00:00+00:00'),
            ('4', 'cid', '2024-03-06T00:00:00+00:00'),
            ('6', 'bob', '2024-03-09T00:00:00+00:00')",
            "INSERT INTO activities (id, kind, direction, occurred_at) VALUES
            ('1', 'call', 'inbound', '2024-03-05T00:00:00+00:00')",
            "INSERT INTO service_cases (id, opened_at, resolved_at) VALUES
            ('1', '2024-02-05T00:00:00+00:00', '2024-03-06T00:00:00+00:00')",
            "INSERT INTO opportunities (id, status, created_at) VALUES
            ('1', 'open', '2024-02-01T00:00:00+00:00')",
        ],
        days: ["2024-03-01", "2024-03-31"],
        grain: None,
        by: &[],
        // Ann, Bob and Cid used it. Of Ann and Bob, who were employed, Ann did so then: Bob signed in the day before he was hired,
        // and Cid had left. A call, a case and an open deal: 3 records for three users.
        answer: &["0 3 0.500000=1/2 3 1.000000=3/3"],
        totals: &["0 3 0.500000=1/2 3 1.000000=3/3"],
    }]
}
