//! A company whose records break no rule: every table has rows. Written so that both databases read it.

use super::NOW;
use crm_kpi::crm;
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// The tables and their rows.
const ROWS: [(&str, &str, &str); 33] = [
    ("teams", "id, name, parent_id", "('t1', 'All', NULL), ('t2', 'East', 't1')"),
    (
        "reps",
        "id, name, team_id, hired_at, left_at",
        "('r1', 'Rep 1', 't2', '2023-01-01T00:00:00+00:00', NULL), ('r2', 'Rep 2', 't1', NULL, NULL)",
    ),
    ("sources", "id, name", "('s1', 'Fair')"),
    ("products", "id, name, list_price_minor, currency", "('p1', 'Box', 100, 'USD'), ('p2', 'Bag', NULL, NULL)"),
    ("pipelines", "id, name", "('w1', 'New'), ('w2', 'Old')"),
    (
        "stages",
        "id, name, pipeline_id, position, probability_bp",
        "('g1', 'First', 'w1', 1, 0), ('g2', 'Second', 'w1', 2, 10000)",
    ),
    (
        "accounts",
        "id, name, rep_id",
        "('a1', 'Acme', 'r1'), ('a2', 'Beta', 'r2'), ('a3', '…', 'r2'), ('a4', '', 'r2'), ('a5', '', 'r2')",
    ),
    (
        "opportunities",
        "id, rep_id, account_id, product_id, source_id, pipeline_id, stage_id, status, loss_reason, amount_minor, currency, \
         created_at, first_contact_at, closed_at",
        "('d1', 'r1', 'a1', 'p1', 's1', 'w1', 'g2', 'won', NULL, 100, 'USD', '2024-01-01T00:00:00+00:00', \
          '2024-01-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00'), \
         ('d2', 'r2', 'a2', 'p1', 's1', 'w1', 'g1', 'open', NULL, NULL, NULL, '2024-02-01T00:00:00+00:00', NULL, NULL), \
         ('d3', 'r2', 'a2', 'p1', 's1', NULL, 'g1', 'lost', 'price', NULL, NULL, NULL, NULL, '2024-12-31T12:00:00+00:00')",
    ),
    (
        "opportunity_stages",
        "opportunity_id, number, stage_id, rep_id, entered_at, left_at, outcome",
        "('d1', 1, 'g1', 'r1', '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00', 'advanced'), \
         ('d1', 2, 'g2', 'r1', '2024-02-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00', 'won'), \
         ('d2', 1, 'g2', 'r2', '2024-02-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00', 'returned'), \
         ('d2', 2, 'g1', 'r2', '2024-03-01T00:00:00+00:00', NULL, NULL)",
    ),
    ("proposals", "opportunity_id, number, rep_id, sent_at", "('d1', 1, 'r1', '2024-02-10T00:00:00+00:00')"),
    (
        "orders",
        "id, rep_id, account_id, opportunity_id, product_id, source_id, campaign_id, amount_minor, currency, ordered_at",
        "('o1', 'r1', 'a1', 'd1', 'p1', 's1', 'c1', 100, 'USD', '2024-03-01T00:00:00+00:00')",
    ),
    (
        "customer_tenures",
        "account_id, number, rep_id, started_at, ended_at",
        "('a1', 1, 'r1', '2023-01-01T00:00:00+00:00', '2023-06-01T00:00:00+00:00'), \
         ('a1', 2, 'r1', '2023-06-01T00:00:00+00:00', NULL)",
    ),
    (
        "leads",
        "id, name, email, company, rep_id, source_id, campaign_id, account_id, opportunity_id, status, created_at, \
         qualified_at, converted_at",
        "('l1', 'Ann', 'ann@acme.com', 'Acme', 'r1', 's1', 'c1', 'a1', 'd1', 'converted', \
          '2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00+00:00'), \
         ('l2', 'Ann', NULL, 'Beta', 'r2', 's1', NULL, NULL, NULL, 'new', '2024-01-02T00:00:00+00:00', NULL, NULL), \
         ('l3', NULL, '', 'Acme', 'r2', 's1', NULL, NULL, NULL, 'new', '2024-01-02T00:00:00+00:00', NULL, NULL), \
         ('l4', 'Ann', '', NULL, 'r2', 's1', NULL, NULL, NULL, 'new', '2024-01-02T00:00:00+00:00', NULL, NULL)",
    ),
    (
        "lead_stages",
        "lead_id, number, status, rep_id, entered_at, left_at",
        "('l1', 1, 'new', 'r1', '2024-01-01T00:00:00+00:00', '2024-01-05T00:00:00+00:00'), \
         ('l1', 2, 'converted', 'r1', '2024-01-05T00:00:00+00:00', NULL)",
    ),
    (
        "campaigns",
        "id, name, source_id, rep_id, starts_at, ends_at",
        "('c1', 'Spring', 's1', 'r1', '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00')",
    ),
    (
        "campaign_responses",
        "campaign_id, number, rep_id, account_id, lead_id, responded_at",
        "('c1', 1, 'r1', 'a1', 'l1', '2024-01-10T00:00:00+00:00')",
    ),
    (
        "costs",
        "id, kind, rep_id, campaign_id, source_id, account_id, amount_minor, currency, starts_at, ends_at",
        "('k1', 'sales', 'r1', 'c1', 's1', 'a1', 5, 'USD', '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00')",
    ),
    (
        "referrals",
        "id, account_id, rep_id, lead_id, referred_at",
        "('f1', 'a1', 'r1', 'l1', '2024-01-01T00:00:00+00:00')",
    ),
    (
        "web_sessions",
        "id, rep_id, account_id, lead_id, source_id, campaign_id, started_at, duration_seconds, page_views",
        "('w1', 'r1', 'a1', 'l1', 's1', 'c1', '2024-01-01T00:00:00+00:00', 0, 0)",
    ),
    (
        "mailing_list_subscriptions",
        "id, rep_id, account_id, lead_id, source_id, campaign_id, subscribed_at, unsubscribed_at",
        "('n1', 'r1', 'a1', 'l1', 's1', 'c1', '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00')",
    ),
    (
        "subscriptions",
        "id, account_id, rep_id, product_id, monthly_amount_minor, currency, started_at, ended_at",
        "('m1', 'a1', 'r1', 'p1', 100, 'USD', '2024-01-01T00:00:00+00:00', NULL), \
         ('m2', 'a2', 'r2', 'p1', 50, 'USD', '2024-01-01T00:00:00+00:00', '2024-06-01T00:00:00+00:00'), \
         ('m3', 'a2', 'r2', 'p1', 0, 'USD', '2024-01-01T00:00:00+00:00', NULL)",
    ),
    (
        "mrr_movements",
        "subscription_id, number, rep_id, kind, change_minor, currency, moved_at",
        "('m1', 1, 'r1', 'new', 70, 'USD', '2024-01-01T00:00:00+00:00'), \
         ('m1', 2, 'r1', 'expansion', 30, 'USD', '2024-02-01T00:00:00+00:00'), \
         ('m2', 1, 'r2', 'new', 50, 'USD', '2024-01-01T00:00:00+00:00'), \
         ('m2', 2, 'r2', 'churn', -50, 'USD', '2024-06-01T00:00:00+00:00')",
    ),
    ("renewals", "subscription_id, number, rep_id, due_at", "('m1', 1, 'r1', '2024-12-01T00:00:00+00:00')"),
    (
        "activities",
        "id, kind, direction, rep_id, account_id, lead_id, opportunity_id, occurred_at",
        "('v1', 'call', 'outbound', 'r1', 'a1', 'l1', 'd1', '2024-01-01T00:00:00+00:00')",
    ),
    (
        "social_profile_snapshots",
        "id, rep_id, followers, strength, profile_views, requests_sent, requests_accepted, inbound_requests, taken_at, \
         replaced_at",
        "('h1', 'r1', 0, 1, 0, 0, 0, 0, '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00'), \
         ('h2', 'r1', 9, 5, 0, 0, 0, 0, '2024-02-01T00:00:00+00:00', NULL)",
    ),
    (
        "social_posts",
        "id, rep_id, shares, comments, likes, published_at",
        "('i1', 'r1', 0, 0, 0, '2024-01-01T00:00:00+00:00')",
    ),
    (
        "training_results",
        "id, rep_id, product_id, score, completed_at",
        "('x1', 'r1', 'p1', 0, '2024-01-01T00:00:00+00:00'), ('x2', 'r1', 'p1', 100, '2024-01-01T00:00:00+00:00'), \
         ('x3', 'r1', 'p1', NULL, '2024-01-01T00:00:00+00:00')",
    ),
    (
        "service_cases",
        "id, rep_id, account_id, product_id, opened_at, first_response_at, resolved_at",
        "('e1', 'r1', 'a1', 'p1', '2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00+00:00')",
    ),
    (
        "service_calls",
        "id, rep_id, account_id, case_id, outcome, handle_seconds, offered_at",
        "('y1', 'r1', 'a1', 'e1', 'answered', 0, '2024-01-01T00:00:00+00:00')",
    ),
    (
        "survey_answers",
        "id, kind, rep_id, account_id, product_id, case_id, score, answered_at",
        "('z1', 'nps', 'r1', 'a1', 'p1', 'e1', 0, '2024-01-01T00:00:00+00:00'), \
         ('z2', 'csat', 'r1', 'a1', 'p1', 'e1', 5, '2024-01-01T00:00:00+00:00'), \
         ('z3', 'ces', 'r1', 'a1', 'p1', 'e1', 7, '2024-01-01T00:00:00+00:00')",
    ),
    ("sign_ins", "id, rep_id, signed_in_at", "('j1', 'r1', '2024-01-01T00:00:00+00:00')"),
    (
        "targets",
        "id, kpi_id, rep_id, team_id, first_date, last_date, value, currency",
        "('q1', 'won_value', 'r1', NULL, '2024-01-01', '2024-01-31', '100.50', 'USD'), \
         ('q2', 'won_value', 'r1', NULL, '2024-02-01', '2024-02-01', '0', 'USD'), \
         ('q3', 'won_value', 'r2', 't1', '2024-01-01', '2024-01-31', '100.50', 'USD'), \
         ('q4', 'won_value', NULL, 't1', '2024-01-01', '2024-01-31', '100.50', 'USD'), \
         ('q5', 'won_value', NULL, NULL, '2024-01-01', '2024-01-31', '100.50', 'USD'), \
         ('q6', 'win_rate', NULL, NULL, '2024-01-01', '2024-01-31', '0.25', NULL), \
         ('q7', 'net_new_mrr', NULL, NULL, '2024-01-01', '2024-12-31', '-5', 'USD')",
    ),
    ("exchange_rates", "currency, quote_currency, valid_from, rate", "('GBP', 'USD', '2024-01-01', '1.25')"),
];

/// Puts exactly these rows into a database, whatever it held.
pub async fn reset(connection: &DatabaseConnection) {
    assert_eq!(NOW, "2024-12-31T12:00:00Z", "d3 closes right now");
    let statements: Vec<String> = ROWS
        .iter()
        .map(|(table, columns, rows)| format!("DELETE FROM {table}; INSERT INTO {table} ({columns}) VALUES {rows}"))
        .collect();
    run(connection, &statements.join(";\n")).await;
}

/// A statement that copies a record in which the column is filled, if there is one, and a condition that selects all records but the
/// copy.
pub fn one_more(table: &str, column: &str) -> (String, &'static str) {
    let columns: Vec<_> = crm::table(table).unwrap().columns.iter().map(|column| column.name).collect();
    let (key, copy, others) = match columns[..] {
        ["id", ..] => ("id", "'copy'", "id <> 'copy'"),
        [_, "number", ..] => ("number", "99", "number <> 99"),
        _ => ("valid_from", "'1999-12-31'", "valid_from <> '1999-12-31'"),
    };
    let values: Vec<_> = columns.iter().map(|column| if *column == key { copy } else { column }).collect();
    let insert = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE COALESCE({column}, '') <> '' ORDER BY 1 LIMIT 1",
        columns.join(", "),
        values.join(", ")
    );
    (insert, others)
}

/// Runs statements.
pub async fn run(connection: &DatabaseConnection, statements: &str) {
    connection.execute_unprepared(statements).await.unwrap_or_else(|error| panic!("{error}: {statements}"));
}
