//! Section 4: subscriptions and retention.

use super::Example;
use crm_kpi::catalog::Dimension;
use crm_kpi::period::Grain;

pub fn examples() -> Vec<Example> {
    vec![
        movements(),
        annual_plans(),
        changes_of_plan(),
        revenue_retention(),
        churn_by_reason(),
        retention(),
        renewals(),
        lifetime_value(),
        growth(),
        trials(),
    ]
}

fn growth() -> Example {
    Example {
        kpis: &["quick_ratio", "arpa"],
        rows: &[
            "INSERT INTO mrr_movements (subscription_id, number, rep_id, kind, change_minor, currency, moved_at) VALUES
                ('1', 1, 'ann', 'new', 12500, 'USD', '2023-12-10T00:00:00+00:00'),
                ('1', 2, 'ann', 'contraction', -3000, 'USD', '2024-02-01T00:00:00+00:00'),
                ('2', 1, 'bob', 'new', 5000, 'USD', '2024-01-15T00:00:00+00:00'),
                ('2', 2, 'bob', 'churn', -5000, 'USD', '2024-02-10T00:00:00+00:00'),
                ('2', 3, 'bob', 'reactivation', 4000, 'USD', '2024-02-20T00:00:00+00:00'),
                ('3', 1, 'bob', 'new', 9900, 'USD', '2024-03-01T00:00:00+00:00')",
        ],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // 40 came back, 30 and 50 were lost: 40 / 80. At the end 95 and 40 are left, of two accounts.
        answer: &["0 0.500000=40/80 67.50=135/2"],
        totals: &["0 0.500000=40/80 67.50=135/2"],
    }
}

fn trials() -> Example {
    Example {
        kpis: &["trials_started", "trial_conversion_rate"],
        rows: &["INSERT INTO subscriptions (id, monthly_amount_minor, currency, started_at, trial_ends_at, ended_at) VALUES
                ('1', 100, 'USD', '2024-01-20T00:00:00+00:00', '2024-02-03T00:00:00+00:00', NULL),
                ('2', 100, 'USD', '2024-02-01T00:00:00+00:00', '2024-02-15T00:00:00+00:00', '2024-02-10T00:00:00+00:00'),
                ('3', 100, 'USD', '2024-02-05T00:00:00+00:00', NULL, NULL),
                ('4', 100, 'USD', '2024-02-20T00:00:00+00:00', '2024-03-05T00:00:00+00:00', NULL)"],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // 2 and 4 begin as trials. Those of 1 and 2 end: 1 goes on, 2 was given up before.
        answer: &["0 2 0.500000=1/2"],
        totals: &["0 2 0.500000=1/2"],
    }
}

fn movements() -> Example {
    Example {
        kpis: &[
            "mrr",
            "arr",
            "new_mrr",
            "expansion_mrr",
            "contraction_mrr",
            "churned_mrr",
            "reactivation_mrr",
            "net_new_mrr",
        ],
        rows: &[
            "INSERT INTO mrr_movements (subscription_id, number, rep_id, kind, change_minor, currency, moved_at) VALUES
                ('1', 1, 'ann', 'new', 10000, 'USD', '2023-12-10T00:00:00+00:00'),
                ('1', 2, 'ann', 'expansion', 2500, 'USD', '2024-01-31T23:59:59+00:00'),
                ('1', 3, 'ann', 'contraction', -3000, 'USD', '2024-02-01T00:00:00+00:00'),
                ('2', 1, 'bob', 'new', 5000, 'USD', '2024-01-15T00:00:00+00:00'),
                ('2', 2, 'bob', 'churn', -5000, 'USD', '2024-02-10T00:00:00+00:00'),
                ('2', 3, 'bob', 'reactivation', 4000, 'USD', '2024-02-20T00:00:00+00:00'),
                ('3', 1, 'bob', 'new', 9900, 'USD', '2024-03-01T00:00:00+00:00')",
        ],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[Dimension::Rep],
        // ann: 100 + 25 = 125, 125 - 30 = 95; bob: 0 + 50 = 50, 50 - 50 + 40 = 40; times 12 for a year.
        answer: &[
            "0 ann 125.00 1500.00 0.00 25.00 0.00 0.00 0.00 25.00",
            "1 ann 95.00 1140.00 0.00 0.00 30.00 0.00 0.00 -30.00",
            "0 bob 50.00 600.00 50.00 0.00 0.00 0.00 0.00 50.00",
            "1 bob 40.00 480.00 0.00 0.00 0.00 50.00 40.00 -10.00",
        ],
        // From 100 at the start to 135 at the end: 50 + 25 + 40 - 30 - 50 = 35.
        totals: &[
            "0 175.00 2100.00 50.00 25.00 0.00 0.00 0.00 75.00",
            "1 135.00 1620.00 0.00 0.00 30.00 50.00 40.00 -40.00",
            "T 135.00 1620.00 50.00 25.00 30.00 50.00 40.00 35.00",
        ],
    }
}

fn annual_plans() -> Example {
    Example {
        kpis: &["mrr", "arr"],
        rows: &["INSERT INTO mrr_movements
                (subscription_id, number, kind, change_minor, annual_change_minor, currency, moved_at) VALUES
                ('1', 1, 'new', 833, 10000, 'USD', '2024-01-05T00:00:00+00:00'),
                ('2', 1, 'new', 2000, NULL, 'USD', '2024-02-01T00:00:00+00:00'),
                ('1', 2, 'churn', -833, -10000, 'USD', '2024-03-05T00:00:00+00:00')"],
        days: ["2024-01-01", "2024-03-31"],
        grain: Some(Grain::Month),
        by: &[],
        // 100 a year are 8.33 a month, and 100 a year; with 20 a month, which are 240 a year, 340.
        answer: &["0 8.33 100.00", "1 28.33 340.00", "2 20.00 240.00"],
        totals: &["0 8.33 100.00", "1 28.33 340.00", "2 20.00 240.00", "T 20.00 240.00"],
    }
}

fn changes_of_plan() -> Example {
    Example {
        kpis: &[
            "mrr",
            "new_mrr",
            "expansion_mrr",
            "contraction_mrr",
            "churned_mrr",
            "reactivation_mrr",
            "net_new_mrr",
            "gross_revenue_retention",
            "net_revenue_retention",
        ],
        rows: &[
            "INSERT INTO subscriptions (id, account_id, monthly_amount_minor, currency, started_at) VALUES
                ('s1', 'a', 100, 'USD', '2024-01-01T00:00:00+00:00'),
                ('s2', 'a', 100, 'USD', '2024-01-01T00:00:00+00:00')",
            "INSERT INTO mrr_movements (subscription_id, number, kind, change_minor, currency, moved_at) VALUES
                ('s1', 1, 'new', 5000, 'USD', '2024-01-05T00:00:00+00:00'),
                ('s1', 2, 'churn', -5000, 'USD', '2024-02-10T09:00:00+00:00'),
                ('s2', 1, 'new', 8000, 'USD', '2024-02-10T17:00:00+00:00'),
                ('s2', 2, 'churn', -8000, 'USD', '2024-03-20T00:00:00+00:00'),
                ('s1', 3, 'new', 6000, 'USD', '2024-03-25T00:00:00+00:00'),
                ('s2', 3, 'new', 1000, 'USD', '2024-04-01T00:00:00+00:00'),
                ('s1', 4, 'churn', -6000, 'USD', '2024-04-20T00:00:00+00:00')",
        ],
        days: ["2024-01-01", "2024-04-30"],
        grain: Some(Grain::Month),
        by: &[],
        // One account. On one day it ends a subscription of 50 and begins one of 80: 30 more. It leaves with 80 and comes back
        // with 60, has 10 more and ends the 60: 60 less, and still 10. Of the 80 at the start of March 60 are left at its end.
        answer: &[
            "0 50.00 50.00 0.00 0.00 0.00 0.00 50.00 ZeroDenominator ZeroDenominator",
            "1 80.00 0.00 30.00 0.00 0.00 0.00 30.00 1.000000=50/50 1.600000=80/50",
            "2 60.00 0.00 0.00 0.00 80.00 60.00 -20.00 0.750000=60/80 0.750000=60/80",
            "3 10.00 0.00 10.00 60.00 0.00 0.00 -50.00 0.166667=10/60 0.166667=10/60",
        ],
        totals: &[
            "0 50.00 50.00 0.00 0.00 0.00 0.00 50.00 ZeroDenominator ZeroDenominator",
            "1 80.00 0.00 30.00 0.00 0.00 0.00 30.00 1.000000=50/50 1.600000=80/50",
            "2 60.00 0.00 0.00 0.00 80.00 60.00 -20.00 0.750000=60/80 0.750000=60/80",
            "3 10.00 0.00 10.00 60.00 0.00 0.00 -50.00 0.166667=10/60 0.166667=10/60",
            "T 10.00 50.00 40.00 60.00 80.00 60.00 10.00 ZeroDenominator ZeroDenominator",
        ],
    }
}

fn revenue_retention() -> Example {
    Example {
        kpis: &["gross_revenue_retention", "net_revenue_retention"],
        rows: &[
            "INSERT INTO subscriptions (id, account_id, monthly_amount_minor, currency, started_at) VALUES
                ('2', 'b', 100, 'USD', '2024-01-01T00:00:00+00:00'),
                ('3', 'b', 100, 'USD', '2024-01-01T00:00:00+00:00')",
            "INSERT INTO mrr_movements (subscription_id, number, kind, change_minor, currency, moved_at) VALUES
                ('1', 1, 'new', 15000, 'USD', '2023-05-01T00:00:00+00:00'),
                ('1', 2, 'expansion', 3000, 'USD', '2024-02-05T00:00:00+00:00'),
                ('2', 1, 'new', 5000, 'USD', '2024-01-31T23:59:59+00:00'),
                ('2', 2, 'churn', -5000, 'USD', '2024-02-15T00:00:00+00:00'),
                ('3', 1, 'new', 4000, 'USD', '2024-02-20T00:00:00+00:00'),
                ('4', 1, 'new', 16000, 'USD', '2024-02-02T00:00:00+00:00'),
                ('4', 2, 'churn', -16000, 'USD', '2024-02-25T00:00:00+00:00')",
        ],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // 1 is of no account and stands for one: 150 at the start, 180 at the end. Account b changes from 50 to 40. 4 comes
        // and leaves within the month, which is nobody's loss. Gross 150 + 40 of 200, net 180 + 40.
        answer: &["0 0.950000=190/200 1.100000=220/200"],
        totals: &["0 0.950000=190/200 1.100000=220/200"],
    }
}

const TENURES: &str = "INSERT INTO customer_tenures (account_id, number, started_at, ended_at, end_reason) VALUES
    ('a', 1, '2024-01-01T00:00:00+00:00', NULL, NULL),
    ('b', 1, '2024-01-01T00:00:00+00:00', '2024-02-10T00:00:00+00:00', 'price'),
    ('c', 1, '2024-01-01T00:00:00+00:00', '2024-02-12T00:00:00+00:00', 'rival'),
    ('d', 1, '2024-01-01T00:00:00+00:00', '2024-02-05T00:00:00+00:00', 'price'),
    ('d', 2, '2024-02-20T00:00:00+00:00', NULL, NULL),
    ('e', 1, '2024-02-03T00:00:00+00:00', '2024-02-20T00:00:00+00:00', 'price'),
    ('f', 1, '2024-02-25T00:00:00+00:00', NULL, NULL)";

fn churn_by_reason() -> Example {
    Example {
        kpis: &["customers", "churn_rate", "churn_reason_share"],
        rows: &[TENURES],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[Dimension::ChurnReason],
        // At the start a, b, c, d; at the end a, d, f. Gone: b for the price, c for a rival; d has come back, e was no
        // customer at the start. Of four tenures that ended (b, c, d, e) three did for the price.
        answer: &[
            "0  3 0.000000=0/4 0.000000=0/4",
            "0 price 0 0.250000=1/4 0.750000=3/4",
            "0 rival 0 0.250000=1/4 0.250000=1/4",
        ],
        totals: &["0 3 0.500000=2/4 1.000000=4/4"],
    }
}

fn retention() -> Example {
    Example {
        kpis: &["customer_retention_rate", "retained_customers", "lost_customers"],
        rows: &[TENURES],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // Of a, b, c, d at the start a and d are there at the end, though d left for two weeks: 2 / 4.
        answer: &["0 0.500000=2/4 2 4"],
        totals: &["0 0.500000=2/4 2 4"],
    }
}

fn renewals() -> Example {
    Example {
        kpis: &["renewal_rate"],
        rows: &["INSERT INTO renewals (subscription_id, number, due_at, renewed_at) VALUES
                ('1', 1, '2024-01-31T23:59:59+00:00', '2024-01-31T00:00:00+00:00'),
                ('2', 1, '2024-02-01T00:00:00+00:00', '2024-04-10T00:00:00+00:00'),
                ('3', 1, '2024-02-15T00:00:00+00:00', NULL),
                ('4', 1, '2024-02-29T23:59:59+00:00', '2024-01-10T00:00:00+00:00'),
                ('5', 1, '2024-03-01T00:00:00+00:00', NULL)"],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // 2, 3 and 4 are due; 2 was renewed late, 4 early.
        answer: &["0 0.666667=2/3"],
        totals: &["0 0.666667=2/3"],
    }
}

fn lifetime_value() -> Example {
    Example {
        kpis: &["customer_lifetime_value", "clv_to_cac", "customer_retention_cost"],
        rows: &[
            "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES
                ('a', 1, '2023-01-01T00:00:00+00:00', NULL),
                ('b', 1, '2023-06-01T00:00:00+00:00', '2024-02-15T00:00:00+00:00'),
                ('c', 1, '2024-03-01T00:00:00+00:00', NULL)",
            "INSERT INTO orders (id, account_id, amount_minor, currency, ordered_at) VALUES
                ('1', 'a', 120000, 'USD', '2024-01-10T00:00:00+00:00'),
                ('2', 'b', 60000, 'USD', '2024-02-01T00:00:00+00:00')",
            "INSERT INTO costs (id, kind, amount_minor, currency, starts_at, ends_at) VALUES
                ('1', 'marketing', 30000, 'USD', '2024-01-01T00:00:00+00:00', '2024-04-01T00:00:00+00:00'),
                ('2', 'sales', 20000, 'USD', '2024-02-01T00:00:00+00:00', NULL),
                ('3', 'sales', 6000, 'USD', '2024-03-31T00:00:00+00:00', '2024-04-02T00:00:00+00:00'),
                ('4', 'retention', 45000, 'USD', '2023-12-31T00:00:00+00:00', '2024-01-03T00:00:00+00:00')",
        ],
        days: ["2024-01-01", "2024-03-31"],
        grain: None,
        by: &[],
        // Two customers at the start, two at the end, b gone, c new. A customer brings 1800 / 2 / 3 = 300 a month; of two
        // customers one leaves in three months, which is a sixth a month: a lifetime of 6 months, 300 x 6 = 1800.
        // c has cost 300 + 200 + 60 / 2 = 530; 1800 / 530 = 3.396226. Keeping a has cost 450 x 2 / 3 = 300.
        answer: &["0 1800.00=3600/2 3.396226=3600/1060 300.00=300/1"],
        totals: &["0 1800.00=3600/2 3.396226=3600/1060 300.00=300/1"],
    }
}
