//! Section 3: leads and marketing.

use super::Example;
use crm_kpi::catalog::Dimension;
use crm_kpi::period::Grain;

pub fn examples() -> Vec<Example> {
    vec![funnel(), costs(), campaigns(), return_on_campaigns(), responses(), referrals(), visits(), mailing_list()]
}

fn funnel() -> Example {
    Example {
        kpis: &[
            "leads_created",
            "qualified_leads",
            "lead_qualification_rate",
            "lead_qualification_time",
            "lead_cycle_time",
            "lead_conversion_rate",
            "mql_conversion_rate",
        ],
        rows: &["INSERT INTO leads (id, status, created_at, qualified_at, converted_at) VALUES
                ('1', 'converted', '2024-01-01T00:00:00+00:00', '2024-01-03T00:00:00+00:00', '2024-02-10T00:00:00+00:00'),
                ('2', 'qualified', '2024-01-30T00:00:00+00:00', '2024-02-03T12:00:00+00:00', NULL),
                ('3', 'converted', '2024-02-01T00:00:00+00:00', NULL, '2024-02-02T00:00:00+00:00'),
                ('4', 'new', '2024-02-29T23:59:59.999+00:00', NULL, NULL),
                ('5', 'new', '2024-03-01T00:00:00+00:00', NULL, NULL)"],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[],
        // Lead 1 takes 2 days to be qualified and 40 to be converted, lead 2 takes 4.5 days, lead 3 is converted after
        // one without having been qualified. (2 + 4.5) / 2 = 3.25; (40 + 1) / 2 = 20.5.
        answer: &[
            "0 2 1 0.500000=1/2 2.0000=2/1 ZeroDenominator 0.000000=0/2 0.000000=0/1",
            "1 2 1 0.500000=1/2 4.5000=4.5/1 20.5000=41/2 1.000000=2/2 1.000000=1/1",
        ],
        totals: &[
            "0 2 1 0.500000=1/2 2.0000=2/1 ZeroDenominator 0.000000=0/2 0.000000=0/1",
            "1 2 1 0.500000=1/2 4.5000=4.5/1 20.5000=41/2 1.000000=2/2 1.000000=1/1",
            "T 4 2 0.500000=2/4 3.2500=6.5/2 20.5000=41/2 0.500000=2/4 0.500000=1/2",
        ],
    }
}

fn costs() -> Example {
    Example {
        kpis: &["cost_per_lead", "customer_acquisition_cost"],
        rows: &[
            "INSERT INTO costs (id, kind, amount_minor, currency, starts_at, ends_at) VALUES
                ('1', 'marketing', 10000, 'USD', '2024-01-31T00:00:00+00:00', '2024-02-03T00:00:00+00:00'),
                ('2', 'sales', -500, 'USD', '2024-02-01T00:00:00+00:00', NULL),
                ('3', 'service', 77700, 'USD', '2024-02-01T00:00:00+00:00', NULL)",
            "INSERT INTO leads (id, status, created_at) VALUES
                ('1', 'new', '2024-02-01T00:00:00+00:00'), ('2', 'new', '2024-02-29T00:00:00+00:00')",
            "INSERT INTO customer_tenures (account_id, number, started_at) VALUES
                ('a', 1, '2024-01-15T00:00:00+00:00'), ('a', 2, '2024-02-15T00:00:00+00:00')",
        ],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[],
        // A third of 100.00, rounded down, is due by the end of January: 33.33. The rest, 66.67, less 5.00, is 61.67.
        // The second tenure is no new customer's; the cost of service is not for winning anybody.
        answer: &["0 ZeroDenominator 33.33=33.33/1", "1 30.84=61.67/2 ZeroDenominator"],
        totals: &["0 ZeroDenominator 33.33=33.33/1", "1 30.84=61.67/2 ZeroDenominator", "T 47.50=95/2 95.00=95/1"],
    }
}

fn campaigns() -> Example {
    Example {
        kpis: &["campaigns_run"],
        rows: &["INSERT INTO campaigns (id, name, starts_at, ends_at) VALUES
                ('1', 'since ever', NULL, '2024-01-10T00:00:00+00:00'),
                ('2', 'both months', '2024-01-20T00:00:00+00:00', '2024-02-20T00:00:00+00:00'),
                ('3', 'within a month', '2024-02-05T00:00:00+00:00', '2024-02-06T00:00:00+00:00'),
                ('4', 'never', '2024-02-05T00:00:00+00:00', '2024-02-05T00:00:00+00:00'),
                ('5', 'later', '2024-03-01T00:00:00+00:00', NULL)"],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[],
        // January: 1 and 2. February: 2 and 3. Both together: 1, 2 and 3.
        answer: &["0 2", "1 2"],
        totals: &["0 2", "1 2", "T 3"],
    }
}

fn return_on_campaigns() -> Example {
    Example {
        kpis: &["campaign_purchases", "campaign_revenue", "campaign_new_customers", "campaign_roi"],
        rows: &[
            "INSERT INTO orders (id, campaign_id, amount_minor, currency, ordered_at, customer_order_number) VALUES
                ('1', 'fair', 30000, 'USD', '2024-01-05T00:00:00+00:00', 1),
                ('2', 'fair', 10000, 'USD', '2024-01-06T00:00:00+00:00', 2),
                ('3', 'mail', 2000, 'USD', '2024-01-07T00:00:00+00:00', 1),
                ('4', '', 5000, 'USD', '2024-01-08T00:00:00+00:00', 1),
                ('5', NULL, 5000, 'USD', '2024-01-09T00:00:00+00:00', 1)",
            "INSERT INTO costs (id, kind, campaign_id, amount_minor, currency, starts_at, ends_at) VALUES
                ('1', 'marketing', 'fair', 20000, 'USD', '2024-01-01T00:00:00+00:00', NULL),
                ('2', 'service', 'mail', 8000, 'USD', '2023-12-31T00:00:00+00:00', '2024-01-02T00:00:00+00:00'),
                ('3', 'marketing', '', 900, 'USD', '2024-01-01T00:00:00+00:00', NULL)",
        ],
        days: ["2024-01-01", "2024-01-31"],
        grain: None,
        by: &[Dimension::Campaign],
        // Half of what "mail" costs falls on January: 40.00. (400 - 200) / 200 = 1; (20 - 40) / 40 = -0.5; together
        // (420 - 240) / 240 = 0.75.
        answer: &["0 fair 2 400.00 1 1.000000=200/200", "0 mail 1 20.00 1 -0.500000=-20/40"],
        totals: &["0 3 420.00 2 0.750000=180/240"],
    }
}

fn responses() -> Example {
    Example {
        kpis: &["campaign_responses"],
        rows: &["INSERT INTO campaign_responses (campaign_id, number, rep_id, responded_at) VALUES
                ('fair', 1, 'ann', '2024-01-01T00:00:00+00:00'),
                ('fair', 2, NULL, '2024-01-02T00:00:00+00:00'),
                ('mail', 1, 'ann', '2024-01-31T23:59:59.999+00:00'),
                ('mail', 2, 'ann', '2024-02-01T00:00:00+00:00')"],
        days: ["2024-01-01", "2024-01-31"],
        grain: None,
        by: &[Dimension::Rep],
        // The last one is February's.
        answer: &["0  1", "0 ann 2"],
        totals: &["0 3"],
    }
}

fn referrals() -> Example {
    Example {
        kpis: &["customer_referrals"],
        rows: &["INSERT INTO referrals (id, account_id, rep_id, referred_at) VALUES
                ('1', 'a', 'ann', '2023-12-31T23:59:59.999+00:00'),
                ('2', 'a', 'ann', '2024-01-01T00:00:00+00:00'),
                ('3', 'a', 'bob', '2024-01-02T00:00:00+00:00')"],
        days: ["2024-01-01", "2024-01-31"],
        grain: None,
        by: &[Dimension::Rep],
        // The first one is of the year before.
        answer: &["0 ann 1", "0 bob 1"],
        totals: &["0 2"],
    }
}

fn visits() -> Example {
    Example {
        kpis: &["web_visits", "page_views", "goal_completion_rate", "average_visit_duration"],
        rows: &[
            "INSERT INTO web_sessions (id, region, started_at, duration_seconds, page_views, goal_completed) VALUES
                ('1', 'north', '2024-01-01T00:00:00+00:00', 60, 3, TRUE),
                ('2', 'north', '2024-01-02T00:00:00+00:00', 0, 1, FALSE),
                ('3', 'north', '2024-01-03T00:00:00+00:00', NULL, 5, FALSE),
                ('4', 'south', '2024-01-04T00:00:00+00:00', 40, 2, FALSE)",
        ],
        days: ["2024-01-01", "2024-01-31"],
        grain: None,
        by: &[Dimension::Region],
        // Nobody measured how long the third visit lasted: (60 + 0) / 2 = 30; (60 + 0 + 40) / 3 = 33.3333.
        answer: &["0 north 3 9 0.333333=1/3 30.0000=60/2", "0 south 1 2 0.000000=0/1 40.0000=40/1"],
        totals: &["0 4 11 0.250000=1/4 33.3333=100/3"],
    }
}

fn mailing_list() -> Example {
    Example {
        kpis: &["email_list_size", "email_list_growth_rate"],
        rows: &["INSERT INTO mailing_list_subscriptions (id, email, list, subscribed_at, unsubscribed_at) VALUES
                ('1', 'a@b.example', 'news', '2023-05-01T00:00:00+00:00', NULL),
                ('2', 'c@d.example', 'news', '2023-06-01T00:00:00+00:00', '2024-02-10T00:00:00+00:00'),
                ('3', NULL, NULL, '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00'),
                ('4', NULL, NULL, '2024-01-15T00:00:00+00:00', NULL),
                ('5', 'e@f.example', 'news', '2024-02-03T00:00:00+00:00', '2024-02-04T00:00:00+00:00'),
                ('6', 'a@b.example', 'offers', '2023-12-01T00:00:00+00:00', '2024-02-20T00:00:00+00:00'),
                ('7', 'a@b.example', 'events', '2024-01-20T00:00:00+00:00', NULL),
                ('8', 'c@d.example', 'events', '2024-01-31T00:00:00+00:00', '2024-02-09T00:00:00+00:00')"],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[],
        // Two addresses at the beginning, on however many lists. Two more in January, of whom only the row is known, then one
        // of these leaves and c@d.example its last list, and one comes and goes: 4, then 2.
        // (4 - 2) / 2 = 1; (2 - 4) / 4 = -0.5; over both months (2 - 2) / 2 = 0.
        answer: &["0 4 1.000000=2/2", "1 2 -0.500000=-2/4"],
        totals: &["0 4 1.000000=2/2", "1 2 -0.500000=-2/4", "T 2 0.000000=0/2"],
    }
}
