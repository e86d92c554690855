//! Section 1: sales results.

use super::Example;
use crm_kpi::catalog::Dimension;
use crm_kpi::period::Grain;

pub fn examples() -> Vec<Example> {
    vec![orders(), refunds(), refunded_first_order(), wins(), new_revenue(), shares_of_sources(), upgrades(), tenures()]
}

fn orders() -> Example {
    Example {
        kpis: &["total_sales", "order_count", "average_sale_value"],
        rows: &["INSERT INTO orders (id, rep_id, amount_minor, currency, ordered_at) VALUES
                ('1', 'ann', 10000, 'USD', '2024-01-31T23:59:59+00:00'),
                ('2', 'ann', 5050, 'USD', '2024-02-01T00:00:00+00:00'),
                ('3', 'bob', -2000, 'USD', '2024-02-10T00:00:00+00:00'),
                ('4', NULL, 700, 'USD', '2024-03-01T00:00:00+00:00')"],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[Dimension::Rep],
        // Order 4 is after the period, 3 is a refund and no order. 100.00 + 50.50 - 20.00 = 130.50; 130.50 / 2 = 65.25.
        answer: &[
            "0 ann 100.00 1 100.00=100/1",
            "1 ann 50.50 1 50.50=50.5/1",
            "0 bob 0.00 0 ZeroDenominator",
            "1 bob -20.00 0 ZeroDenominator",
        ],
        totals: &["0 100.00 1 100.00=100/1", "1 30.50 1 30.50=30.5/1", "T 130.50 2 65.25=130.5/2"],
    }
}

fn refunds() -> Example {
    Example {
        kpis: &["order_count", "average_sale_value", "new_customer_revenue", "net_new_revenue", "total_sales"],
        rows: &[
            "INSERT INTO accounts (id, name, customer_since) VALUES ('a', 'Acme', '2024-02-01T00:00:00+00:00')",
            "INSERT INTO orders
                (id, account_id, kind, refund_of, amount_minor, currency, ordered_at, customer_order_number, by_subscriber)
                VALUES
                ('1', 'a', 'new', NULL, 10000, 'USD', '2024-02-01T00:00:00+00:00', 1, TRUE),
                ('2', NULL, NULL, '1', -10000, 'USD', '2024-03-05T00:00:00+00:00', NULL, FALSE),
                ('3', 'a', 'upsell', NULL, 30000, 'USD', '2024-03-06T00:00:00+00:00', 2, TRUE)",
        ],
        days: ["2024-02-01", "2024-03-31"],
        grain: Some(Grain::Month),
        by: &[Dimension::Account, Dimension::OrderKind],
        // A subscriber in the first year buys for 100, gets that back and buys for 300: two orders, 100 - 100 + 300 = 300,
        // 300 / 2 = 150. The refund says no more than which order it is of: it is Acme's, new business, on its own day.
        answer: &[
            "0 Acme new 1 100.00=100/1 100.00 100.00 100.00",
            "1 Acme new 0 ZeroDenominator -100.00 -100.00 -100.00",
            "0 Acme upsell 0 ZeroDenominator 0.00 0.00 0.00",
            "1 Acme upsell 1 300.00=300/1 300.00 300.00 300.00",
        ],
        totals: &[
            "0 1 100.00=100/1 100.00 100.00 100.00",
            "1 1 200.00=200/1 200.00 200.00 200.00",
            "T 2 150.00=300/2 300.00 300.00 300.00",
        ],
    }
}

fn refunded_first_order() -> Example {
    Example {
        kpis: &["order_count", "new_customer_revenue", "net_new_revenue", "upsell_rate"],
        rows: &["INSERT INTO orders
                (id, rep_id, account_id, kind, refund_of, amount_minor, currency, ordered_at, customer_order_number) VALUES
                ('1', 'ann', 'a', 'new', NULL, 10000, 'USD', '2024-02-01T00:00:00+00:00', 1),
                ('2', NULL, 'b', 'repeat', '1', -10000, 'USD', '2024-02-05T00:00:00+00:00', 9),
                ('3', 'ann', 'a', 'repeat', NULL, 30000, 'USD', '2024-02-06T00:00:00+00:00', 2),
                ('4', 'bob', 'b', 'upsell', '3', 500, 'USD', '2024-02-07T00:00:00+00:00', NULL),
                ('5', 'bob', 'b', 'upsell', 'gone', -700, 'USD', '2024-02-08T00:00:00+00:00', NULL)"],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[Dimension::Rep],
        // Of others only the first order is new: 100 - 100 = 0. A refund without a rep is its order's rep's, a correction of a
        // repeat (4) is no upsell, and a refund whose order is not on record (5) is what it says it is: -7. Only a bought.
        answer: &["0 ann 2 0.00 0.00 0.000000=0/1", "0 bob 0 0.00 -7.00 ZeroDenominator"],
        totals: &["0 2 0.00 -7.00 0.000000=0/1"],
    }
}

fn wins() -> Example {
    Example {
        kpis: &["won_value", "average_won_value", "annualized_won_value"],
        rows: &["INSERT INTO opportunities
                (id, rep_id, status, amount_minor, monthly_amount_minor, currency, created_at, closed_at) VALUES
                ('1', 'ann', 'won', 240000, 10000, 'USD', '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00'),
                ('2', 'ann', 'won', 50000, NULL, 'USD', '2024-01-01T00:00:00+00:00', '2024-02-29T23:59:59+00:00'),
                ('3', 'bob', 'won', 30000, 5000, 'USD', '2024-01-01T00:00:00+00:00', '2024-02-15T00:00:00+00:00'),
                ('4', 'bob', 'lost', 99900, NULL, 'USD', '2024-01-01T00:00:00+00:00', '2024-02-10T00:00:00+00:00'),
                ('5', 'bob', 'won', 70000, NULL, 'USD', '2024-01-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00')"],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[Dimension::Rep],
        // ann: 2400 for two years and 500 once: 2900 / 2; a year of it is 12 x 100 + 500 = 1700, 1700 / 2.
        // bob: 300 for half a year, 12 x 50 = 600 a year. Together 3200 / 3 and 2300 / 3.
        answer: &["0 ann 2900.00 1450.00=2900/2 850.00=1700/2", "0 bob 300.00 300.00=300/1 600.00=600/1"],
        totals: &["0 3200.00 1066.67=3200/3 766.67=2300/3"],
    }
}

fn new_revenue() -> Example {
    Example {
        kpis: &["new_customer_revenue", "net_new_revenue"],
        rows: &[
            "INSERT INTO accounts (id, name, customer_since) VALUES
                ('sub', 'Subscriber', '2023-03-01T00:00:00+00:00'),
                ('shop', 'Shop', '2024-02-05T00:00:00+00:00')",
            "INSERT INTO orders
                (id, account_id, kind, amount_minor, currency, ordered_at, customer_order_number, by_subscriber) VALUES
                ('1', 'sub', 'renewal', 10000, 'USD', '2024-02-28T23:59:59+00:00', 8, TRUE),
                ('2', 'sub', 'upsell', 5000, 'USD', '2024-02-29T00:00:00+00:00', 9, TRUE),
                ('3', 'shop', 'new', 2000, 'USD', '2024-02-05T00:00:00+00:00', 1, FALSE),
                ('4', 'shop', 'cross_sell', 700, 'USD', '2024-02-06T00:00:00+00:00', 2, FALSE),
                ('5', 'shop', 'repeat', 300, 'USD', '2024-02-07T00:00:00+00:00', 3, FALSE)",
        ],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // New customers: order 1, for the subscriber's first 365 days end with 28 February, and 3, a first order:
        // 100 + 20 = 120. Net new: orders 2, 3 and 4: 50 + 20 + 7 = 77.
        answer: &["0 120.00 77.00"],
        totals: &["0 120.00 77.00"],
    }
}

fn shares_of_sources() -> Example {
    Example {
        kpis: &["revenue_share_by_source"],
        rows: &[
            "INSERT INTO sources (id, name, kind) VALUES
                ('web', 'Website', 'marketing'), ('fair', 'Fair', 'marketing'), ('partner', 'Partner', 'sales')",
            "INSERT INTO orders (id, source_id, amount_minor, currency, ordered_at) VALUES
                ('1', 'web', 30000, 'USD', '2024-02-01T00:00:00+00:00'),
                ('2', 'fair', 10000, 'USD', '2024-02-02T00:00:00+00:00'),
                ('3', 'partner', 35000, 'USD', '2024-02-03T00:00:00+00:00'),
                ('4', NULL, 25000, 'USD', '2024-02-04T00:00:00+00:00')",
        ],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[Dimension::SourceKind],
        // Of 300 + 100 + 350 + 250 = 1000: marketing 400, sales 350, unknown 250.
        answer: &["0  0.250000=250/1000", "0 marketing 0.400000=400/1000", "0 sales 0.350000=350/1000"],
        totals: &["0 1.000000=1000/1000"],
    }
}

fn upgrades() -> Example {
    Example {
        kpis: &["upsell_rate", "cross_sell_rate"],
        rows: &["INSERT INTO orders (id, account_id, kind, amount_minor, currency, ordered_at) VALUES
                ('1', 'a', 'upsell', 100, 'USD', '2024-02-01T00:00:00+00:00'),
                ('2', 'a', 'upsell', 100, 'USD', '2024-02-02T00:00:00+00:00'),
                ('3', 'b', 'repeat', 100, 'USD', '2024-02-03T00:00:00+00:00'),
                ('4', 'c', 'cross_sell', 100, 'USD', '2024-02-04T00:00:00+00:00'),
                ('5', 'd', 'cross_sell', 100, 'USD', '2024-02-05T00:00:00+00:00'),
                ('6', 'e', 'renewal', 100, 'USD', '2024-02-06T00:00:00+00:00'),
                ('7', NULL, 'upsell', 100, 'USD', '2024-02-07T00:00:00+00:00')"],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // Five customers bought: a an upgrade, though twice; c and d another product. Order 7 is of nobody known.
        answer: &["0 0.200000=1/5 0.400000=2/5"],
        totals: &["0 0.200000=1/5 0.400000=2/5"],
    }
}

fn tenures() -> Example {
    Example {
        kpis: &[
            "new_customers",
            "retained_customers",
            "lost_customers",
            "first_year_lost_customers",
            "first_year_loss_rate",
        ],
        rows: &["INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES
                ('a', 1, '2023-02-10T00:00:00+00:00', '2024-02-05T00:00:00+00:00'),
                ('b', 1, '2023-02-20T00:00:00+00:00', '2024-02-20T00:00:00+00:00'),
                ('c', 1, '2023-01-01T00:00:00+00:00', NULL),
                ('d', 1, '2022-05-01T00:00:00+00:00', '2024-02-03T00:00:00+00:00'),
                ('d', 2, '2024-02-10T00:00:00+00:00', NULL),
                ('e', 1, '2024-02-29T00:00:00+00:00', NULL),
                ('f', 1, '2023-02-01T00:00:00+00:00', '2023-05-01T00:00:00+00:00')"],
        days: ["2024-02-01", "2024-02-29"],
        grain: None,
        by: &[],
        // New: e; d only comes back. At the start a, b, c, d: c and d are there at the end. Ended: a, b and once d. In
        // the first year: a after 360 days, not b after 365. Of a, b and f, who came in February 2023, a and f: 2 / 3.
        answer: &["0 1 2 3 1 0.666667=2/3"],
        totals: &["0 1 2 3 1 0.666667=2/3"],
    }
}
