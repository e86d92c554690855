//! Section 6: social selling and expertise.

use super::Example;
use crm_kpi::catalog::Dimension;

pub fn examples() -> Vec<Example> {
    vec![
        Example {
            kpis: &[
                "profile_followers",
                "follower_growth_rate",
                "connection_acceptance_rate",
                "inbound_requests",
                "profile_views",
                "profile_view_growth_rate",
                "profile_strength",
            ],
            rows: &[
                "INSERT INTO social_profile_snapshots (id, rep_id, followers, strength, profile_views, requests_sent,
                    requests_accepted, inbound_requests, taken_at, replaced_at) VALUES
                    ('1', 'ann', 100, 2, 10, 4, 2, 1, '2024-02-10T00:00:00+00:00', '2024-03-15T00:00:00+00:00'),
                    ('2', 'ann', 130, 4, 25, 5, 4, 2, '2024-03-15T00:00:00+00:00', NULL),
                    ('3', 'bob', 40, NULL, 5, 0, 0, 0, '2024-03-20T00:00:00+00:00', NULL)",
            ],
            days: ["2024-03-01", "2024-03-31"],
            grain: None,
            by: &[Dimension::Rep],
            // Ann had 100 followers and has 130: (130 - 100) / 100. Her profile was seen 10 times in February and 25
            // times in March: (25 - 10) / 10. Bob's profile is new and has no rating.
            answer: &[
                "0 ann 130 0.300000=30/100 0.800000=4/5 2 25 1.500000=15/10 4.0000=4/1",
                "0 bob 40 ZeroDenominator ZeroDenominator 0 5 ZeroDenominator ZeroDenominator",
            ],
            totals: &["0 170 0.700000=70/100 0.800000=4/5 2 30 2.000000=20/10 4.0000=4/1"],
        },
        Example {
            kpis: &["shares_per_post", "comments_per_post", "likes_per_post", "training_score", "trainings_completed"],
            rows: &[
                "INSERT INTO social_posts (id, rep_id, shares, comments, likes, published_at) VALUES
                ('1', 'ann', 2, 3, 10, '2024-03-01T00:00:00+00:00'),
                ('2', 'ann', 1, 0, 5, '2024-03-09T00:00:00+00:00'),
                ('3', 'bob', 0, 1, 0, '2024-03-31T23:59:59+00:00')",
                "INSERT INTO training_results (id, rep_id, score, completed_at) VALUES
                ('1', 'ann', 80, '2024-03-01T00:00:00+00:00'),
                ('2', 'ann', 95, '2024-03-02T00:00:00+00:00'),
                ('3', 'ann', NULL, '2024-03-03T00:00:00+00:00')",
            ],
            days: ["2024-03-01", "2024-03-31"],
            grain: None,
            by: &[Dimension::Rep],
            // Two quizzes in three trainings: (80 + 95) / 2 = 87.5.
            answer: &[
                "0 ann 1.500000=3/2 1.500000=3/2 7.500000=15/2 87.5000=175/2 3",
                "0 bob 0.000000=0/1 1.000000=1/1 0.000000=0/1 ZeroDenominator 0",
            ],
            totals: &["0 1.000000=3/3 1.333333=4/3 5.000000=15/3 87.5000=175/2 3"],
        },
    ]
}
