//! Section 7: customer service.

use super::Example;
use crm_kpi::catalog::Dimension;
use crm_kpi::period::Grain;

pub fn examples() -> Vec<Example> {
    vec![
        Example {
            kpis: &["cases_opened", "open_cases", "first_contact_resolution_rate"],
            rows: &["INSERT INTO service_cases (id, opened_at, first_response_at, resolved_at) VALUES
                    ('1', '2024-01-30T09:00:00+00:00', '2024-01-30T10:00:00+00:00', '2024-01-30T10:00:00+00:00'),
                    ('2', '2024-02-01T09:00:00+00:00', '2024-02-01T10:00:00+00:00', '2024-02-01T12:00:00+00:00'),
                    ('3', '2024-02-10T09:00:00+00:00', '2024-02-10T10:00:00+00:00', '2024-02-10T10:00:00+00:00'),
                    ('4', '2024-02-28T09:00:00+00:00', NULL, NULL)"],
            days: ["2024-02-01", "2024-02-29"],
            grain: None,
            by: &[],
            // 2, 3 and 4 were opened, 4 is still open. Of the two that were resolved, 3 took one response.
            answer: &["0 3 1 0.500000=1/2"],
            totals: &["0 3 1 0.500000=1/2"],
        },
        Example {
            kpis: &[
                "cases_handled",
                "same_day_closures",
                "same_day_closure_rate",
                "average_resolution_time",
                "first_response_time",
                "complaint_resolution_time",
                "sla_compliance_rate",
            ],
            rows: &["INSERT INTO service_cases
                    (id, rep_id, kind, opened_at, first_response_at, due_at, resolved_at) VALUES
                    ('1', 'ann', 'complaint', '2024-03-01T08:00:00+00:00', '2024-03-01T09:00:00+00:00',
                     '2024-03-01T20:00:00+00:00', '2024-03-01T14:00:00+00:00'),
                    ('2', 'ann', 'incident', '2024-03-04T22:00:00+00:00', '2024-03-05T00:00:00+00:00',
                     '2024-03-05T22:00:00+00:00', '2024-03-06T00:00:00+00:00'),
                    ('3', 'bob', 'question', '2024-03-10T00:00:00+00:00', NULL, '2024-03-12T00:00:00+00:00', NULL),
                    ('4', 'bob', 'complaint', '2024-03-31T20:00:00+00:00', '2024-03-31T20:30:00+00:00', NULL,
                     '2024-04-01T00:00:00+00:00')"],
            days: ["2024-03-01", "2024-03-31"],
            grain: None,
            by: &[Dimension::Rep],
            // Case 1 took 6 hours and was in time, case 2 took 26 and was late, case 3 fell due. Case 4 is resolved in
            // April, but responded to in half an hour of March: (1 + 2 + 0.5) / 3 hours.
            answer: &[
                "0 ann 2 1 0.500000=1/2 16.0000=32/2 1.5000=3/2 6.0000=6/1 0.500000=1/2",
                "0 bob 0 0 ZeroDenominator ZeroDenominator 0.5000=0.5/1 ZeroDenominator 0.000000=0/1",
            ],
            totals: &["0 2 1 0.500000=1/2 16.0000=32/2 1.1667=3.5/3 6.0000=6/1 0.333333=1/3"],
        },
        Example {
            kpis: &[
                "service_calls_per_day",
                "customer_callbacks",
                "service_cost_per_interaction",
                "abandoned_calls",
                "abandonment_rate",
                "average_handle_time",
            ],
            rows: &[
                "INSERT INTO service_calls (id, outcome, callback, handle_seconds, offered_at) VALUES
                ('1', 'answered', FALSE, 120, '2024-03-02T00:00:00+00:00'),
                ('2', 'answered', FALSE, NULL, '2024-03-03T00:00:00+00:00'),
                ('3', 'abandoned', TRUE, NULL, '2024-03-31T23:59:59+00:00'),
                ('4', 'answered', TRUE, 60, '2024-04-01T00:00:00+00:00')",
                "INSERT INTO service_cases (id, opened_at, resolved_at) VALUES
                ('1', '2024-03-04T00:00:00+00:00', '2024-03-05T00:00:00+00:00')",
                "INSERT INTO costs (id, kind, amount_minor, currency, starts_at, ends_at) VALUES
                ('1', 'service', 6100, 'USD', '2024-03-01T00:00:00+00:00', '2024-05-01T00:00:00+00:00'),
                ('2', 'marketing', 9900, 'USD', '2024-03-01T00:00:00+00:00', NULL)",
            ],
            days: ["2024-03-01", "2024-04-30"],
            grain: Some(Grain::Month),
            by: &[],
            // 61.00 over 61 days: 31.00 for the three calls and the case of March, 30.00 for the one call of April.
            answer: &[
                "0 0.096774=3/31 1 7.75=31/4 1 0.333333=1/3 120.0000=120/1",
                "1 0.033333=1/30 1 30.00=30/1 0 0.000000=0/1 60.0000=60/1",
            ],
            totals: &[
                "0 0.096774=3/31 1 7.75=31/4 1 0.333333=1/3 120.0000=120/1",
                "1 0.033333=1/30 1 30.00=30/1 0 0.000000=0/1 60.0000=60/1",
                "T 0.065574=4/61 2 12.20=61/5 1 0.250000=1/4 90.0000=180/2",
            ],
        },
    ]
}
