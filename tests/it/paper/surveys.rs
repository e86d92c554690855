//! Section 8: how customers see us.

use super::Example;

pub fn examples() -> Vec<Example> {
    vec![Example {
        kpis: &["nps", "promoters", "passives", "detractors", "customer_effort_score", "customer_satisfaction"],
        rows: &["INSERT INTO survey_answers (id, kind, score, answered_at) VALUES
                ('1', 'nps', 10, '2024-03-01T00:00:00+00:00'),
                ('2', 'nps', 9, '2024-03-02T00:00:00+00:00'),
                ('3', 'nps', 8, '2024-03-03T00:00:00+00:00'),
                ('4', 'nps', 0, '2024-03-04T00:00:00+00:00'),
                ('5', 'nps', 11, '2024-03-05T00:00:00+00:00'),
                ('6', 'csat', 5, '2024-03-06T00:00:00+00:00'),
                ('7', 'csat', 3, '2024-03-07T00:00:00+00:00'),
                ('8', 'ces', 6, '2024-03-08T00:00:00+00:00'),
                ('9', 'ces', 0, '2024-03-09T00:00:00+00:00')"],
        days: ["2024-03-01", "2024-03-31"],
        grain: None,
        by: &[],
        // Answers 5 and 9 are off their scales. 100 x (2 promoters - 1 detractor) / 4 answers = 25.
        answer: &["0 25.0000=100/4 2 1 1 6.0000=6/1 0.500000=1/2"],
        totals: &["0 25.0000=100/4 2 1 1 6.0000=6/1 0.500000=1/2"],
    }]
}
