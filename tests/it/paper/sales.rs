//! Section 1: sales results.

use super::Example;
use crm_kpi::catalog::Dimension;
use crm_kpi::period::Grain;

pub fn examples() -> Vec<Example> {
    vec![Example {
        kpis: &["total_sales", "order_count", "average_sale_value"],
        rows: &["INSERT INTO orders (id, rep_id, amount_minor, currency, ordered_at) VALUES
                ('1', 'ann', 10000, 'USD', '2024-01-31T23:59:59+00:00'),
                ('2', 'ann', 5050, 'USD', '2024-02-01T00:00:00+00:00'),
                ('3', 'bob', -2000, 'USD', '2024-02-10T00:00:00+00:00'),
                ('4', NULL, 700, 'USD', '2024-03-01T00:00:00+00:00')"],
        days: ["2024-01-01", "2024-02-29"],
        grain: Some(Grain::Month),
        by: &[Dimension::Rep],
        // Order 4 is after the period, order 3 a refund. 100.00 + 50.50 - 20.00 = 130.50; 130.50 / 3 = 43.50.
        answer: &[
            "0 ann 100.00 1 100.00=100/1",
            "1 ann 50.50 1 50.50=50.5/1",
            "0 bob 0.00 0 ZeroDenominator",
            "1 bob -20.00 1 -20.00=-20/1",
        ],
        totals: &["0 100.00 1 100.00=100/1", "1 30.50 2 15.25=30.5/2", "T 130.50 3 43.50=130.5/3"],
    }]
}
