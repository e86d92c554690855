//! Section 5: rep activity and outreach.

use super::Example;
use crm_kpi::catalog::Dimension;

pub fn examples() -> Vec<Example> {
    vec![Example {
        kpis: &[
            "calls_made",
            "calls_per_opportunity",
            "emails_sent",
            "meetings_held",
            "outreach_activities",
            "personalized_outreach",
            "personalized_email_share",
        ],
        rows: &["INSERT INTO activities
                (id, kind, direction, rep_id, opportunity_id, prospecting, personalized, occurred_at) VALUES
                ('1', 'call', 'outbound', 'ann', 'deal', TRUE, FALSE, '2024-03-01T00:00:00+00:00'),
                ('2', 'call', 'outbound', 'ann', 'deal', FALSE, FALSE, '2024-03-02T00:00:00+00:00'),
                ('3', 'call', 'outbound', 'ann', NULL, FALSE, FALSE, '2024-03-03T00:00:00+00:00'),
                ('4', 'call', 'inbound', 'ann', 'other deal', FALSE, FALSE, '2024-03-04T00:00:00+00:00'),
                ('5', 'email', 'outbound', 'ann', NULL, TRUE, TRUE, '2024-03-05T00:00:00+00:00'),
                ('6', 'email', 'inbound', 'ann', NULL, FALSE, TRUE, '2024-03-06T00:00:00+00:00'),
                ('7', 'email', 'outbound', 'bob', NULL, FALSE, FALSE, '2024-03-07T00:00:00+00:00'),
                ('8', 'meeting', 'inbound', 'bob', NULL, FALSE, FALSE, '2024-03-08T00:00:00+00:00'),
                ('9', 'message', 'outbound', 'bob', NULL, TRUE, TRUE, '2024-03-31T23:59:59+00:00')"],
        days: ["2024-03-01", "2024-03-31"],
        grain: None,
        by: &[Dimension::Rep],
        // Calls 1 to 3, of which 1 and 2 are on one deal; e-mails 5 and 7; outreach 1 and 5; personalised 5 and 9.
        answer: &["0 ann 3 2.000000=2/1 1 0 2 1 1.000000=1/1", "0 bob 0 ZeroDenominator 1 1 0 1 0.000000=0/1"],
        totals: &["0 3 2.000000=2/1 2 1 2 2 0.500000=1/2"],
    }]
}
