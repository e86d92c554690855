//! Faults to plant among good records, and what the rules must find of them.

/// A fault and the findings of one rule.
pub struct Case {
    pub rule: &'static str,
    pub plant: &'static str,
    /// Of each record: table, key, rep, field, found (none: not set), expected.
    pub finds: &'static [Record],
}

pub type Record = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>, &'static str);

const fn case(rule: &'static str, plant: &'static str, finds: &'static [Record]) -> Case {
    Case { rule, plant, finds }
}

macro_rules! cases {
    ($($rule:literal, $plant:literal => $($record:expr),+;)+) => {
        &[$( case($rule, $plant, &[$($record),+]) ),+]
    };
}

/// Missing references and owners, dangling references and currencies have cases of their own, made from the schema.
pub const CASES: &[Case] = cases! {
    "closed_before_created", "UPDATE opportunities SET created_at = '2024-03-01T00:00:01+00:00' WHERE id = 'd1'" =>
        ("opportunities", "d1", "r1", "closed_at", Some("2024-03-01T00:00:00Z"), "at or after created_at, 2024-03-01T00:00:01Z");
    "closed_before_created", "UPDATE opportunities SET created_at = '2024-03-01T00:00:00.5+00:00' WHERE id = 'd1'" =>
        ("opportunities", "d1", "r1", "closed_at", Some("2024-03-01T00:00:00Z"), "at or after created_at, 2024-03-01T00:00:00.5Z");
    "closed_before_first_contact", "UPDATE opportunities SET first_contact_at = '2025-01-01T00:00:00+00:00' WHERE id = 'd1'" =>
        ("opportunities", "d1", "r1", "closed_at", Some("2024-03-01T00:00:00Z"), "at or after first_contact_at, 2025-01-01T00:00:00Z");
    "closed_without_time", "INSERT INTO opportunities (id, status, closed_at) VALUES ('d4', 'lost', '2024-05-01T00:00:00+00:00'); \
                            UPDATE opportunities SET closed_at = NULL WHERE id <> 'd4'" =>
        ("opportunities", "d1", "r1", "closed_at", None, "set, as status is won"),
        ("opportunities", "d3", "r2", "closed_at", None, "set, as status is lost");
    "open_with_closing_time", "UPDATE opportunities SET closed_at = '2024-05-01T00:00:00+00:00' WHERE id = 'd2'" =>
        ("opportunities", "d2", "r2", "closed_at", Some("2024-05-01T00:00:00Z"), "not set, as status is open");
    "closed_in_future", "UPDATE opportunities SET closed_at = '2024-12-31T12:00:01+00:00'" =>
        ("opportunities", "d1", "r1", "closed_at", Some("2024-12-31T12:00:01Z"), "at or before the time of the check, 2024-12-31T12:00:00Z"),
        ("opportunities", "d3", "r2", "closed_at", Some("2024-12-31T12:00:01Z"), "at or before the time of the check, 2024-12-31T12:00:00Z");
    "stage_of_other_pipeline", "UPDATE stages SET pipeline_id = 'w2'" =>
        ("opportunities", "d1", "r1", "stage_id", Some("g2"), "a stage of the pipeline w1"),
        ("opportunities", "d2", "r2", "stage_id", Some("g1"), "a stage of the pipeline w1");
    "won_without_amount", "UPDATE opportunities SET amount_minor = NULL" =>
        ("opportunities", "d1", "r1", "amount_minor", None, "above 0");
    "won_without_amount", "UPDATE opportunities SET amount_minor = 0" =>
        ("opportunities", "d1", "r1", "amount_minor", Some("0"), "above 0");

    "stages_out_of_order", "UPDATE opportunity_stages SET outcome = 'advanced' WHERE opportunity_id = 'd2' AND number = 1" =>
        ("opportunity_stages", "d2 1", "r2", "outcome", Some("advanced"), "returned, as stay 2 is in an earlier stage");
    "stages_out_of_order", "UPDATE opportunity_stages SET outcome = NULL WHERE opportunity_id = 'd2' AND number = 1" =>
        ("opportunity_stages", "d2 1", "r2", "outcome", None, "returned, as stay 2 is in an earlier stage");
    "stages_out_of_order", "UPDATE opportunity_stages SET outcome = 'returned' WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "outcome", Some("returned"), "advanced, as stay 2 is in a later stage");
    "stages_out_of_order", "UPDATE opportunity_stages SET outcome = 'lost' WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "outcome", Some("lost"), "advanced or returned, as stay 2 follows");
    "stages_overlap", "UPDATE opportunity_stages SET left_at = '2024-02-02T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "left_at", Some("2024-02-02T00:00:00Z"), "at or before 2024-02-01T00:00:00Z, when the next stay starts");
    "stages_overlap", "UPDATE opportunity_stages SET left_at = NULL WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "left_at", None, "at or before 2024-02-01T00:00:00Z, when the next stay starts");
    "stages_overlap", "UPDATE opportunity_stages SET entered_at = NULL WHERE opportunity_id = 'd1'" =>
        ("opportunity_stages", "d1 2", "r1", "entered_at", None, "set, as it follows stay 1");
    "stages_overlap", "UPDATE lead_stages SET left_at = '2024-01-06T00:00:00+00:00' WHERE number = 1" =>
        ("lead_stages", "l1 1", "r1", "left_at", Some("2024-01-06T00:00:00Z"), "at or before 2024-01-05T00:00:00Z, when the next stay starts");
    "stages_overlap", "UPDATE lead_stages SET entered_at = NULL" =>
        ("lead_stages", "l1 2", "r1", "entered_at", None, "set, as it follows stay 1");
    "stages_outside_life", "UPDATE opportunity_stages SET entered_at = '2023-12-31T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "entered_at", Some("2023-12-31T00:00:00Z"), "at or after created_at, 2024-01-01T00:00:00Z");
    "stages_outside_life", "UPDATE lead_stages SET entered_at = '2023-12-31T00:00:00+00:00' WHERE number = 1" =>
        ("lead_stages", "l1 1", "r1", "entered_at", Some("2023-12-31T00:00:00Z"), "at or after created_at, 2024-01-01T00:00:00Z");
    "stages_outside_life", "UPDATE opportunity_stages SET left_at = '2024-03-02T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 2" =>
        ("opportunity_stages", "d1 2", "r1", "left_at", Some("2024-03-02T00:00:00Z"), "at or before closed_at, 2024-03-01T00:00:00Z");
    "stages_outside_life", "UPDATE opportunity_stages SET left_at = NULL WHERE opportunity_id = 'd1' AND number = 2" =>
        ("opportunity_stages", "d1 2", "r1", "left_at", None, "at or before closed_at, 2024-03-01T00:00:00Z");
    "stages_with_gap", "UPDATE opportunity_stages SET entered_at = '2024-01-02T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "entered_at", Some("2024-01-02T00:00:00Z"), "at created_at, 2024-01-01T00:00:00Z");
    "stages_with_gap", "UPDATE opportunity_stages SET left_at = '2024-01-31T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 1" =>
        ("opportunity_stages", "d1 1", "r1", "left_at", Some("2024-01-31T00:00:00Z"), "at 2024-02-01T00:00:00Z, when the next stay starts");
    "stages_with_gap", "UPDATE opportunity_stages SET left_at = '2024-02-29T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 2" =>
        ("opportunity_stages", "d1 2", "r1", "left_at", Some("2024-02-29T00:00:00Z"), "at closed_at, 2024-03-01T00:00:00Z");
    "stages_with_gap", "UPDATE opportunity_stages SET left_at = '2024-04-01T00:00:00+00:00' WHERE opportunity_id = 'd2' AND number = 2" =>
        ("opportunity_stages", "d2 2", "r2", "left_at", Some("2024-04-01T00:00:00Z"), "not set, as the deal is open and no stay follows");
    "stages_with_gap", "UPDATE lead_stages SET entered_at = '2024-01-02T00:00:00+00:00' WHERE number = 1" =>
        ("lead_stages", "l1 1", "r1", "entered_at", Some("2024-01-02T00:00:00Z"), "at created_at, 2024-01-01T00:00:00Z");
    "stages_with_gap", "UPDATE lead_stages SET left_at = '2024-01-04T00:00:00+00:00' WHERE number = 1" =>
        ("lead_stages", "l1 1", "r1", "left_at", Some("2024-01-04T00:00:00Z"), "at 2024-01-05T00:00:00Z, when the next stay starts");
    "tenures_overlap", "UPDATE customer_tenures SET ended_at = '2023-06-02T00:00:00+00:00' WHERE number = 1" =>
        ("customer_tenures", "a1 1", "r1", "ended_at", Some("2023-06-02T00:00:00Z"), "at or before 2023-06-01T00:00:00Z, when the next tenure starts");
    "tenures_overlap", "UPDATE customer_tenures SET ended_at = NULL WHERE number = 1" =>
        ("customer_tenures", "a1 1", "r1", "ended_at", None, "at or before 2023-06-01T00:00:00Z, when the next tenure starts");

    "ends_before_it_starts", "UPDATE opportunity_stages SET left_at = '2024-01-31T00:00:00+00:00' WHERE opportunity_id = 'd1' AND number = 2" =>
        ("opportunity_stages", "d1 2", "r1", "left_at", Some("2024-01-31T00:00:00Z"), "at or after entered_at, 2024-02-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE lead_stages SET left_at = '2024-01-04T00:00:00+00:00' WHERE number = 2" =>
        ("lead_stages", "l1 2", "r1", "left_at", Some("2024-01-04T00:00:00Z"), "at or after entered_at, 2024-01-05T00:00:00Z");
    "ends_before_it_starts", "UPDATE customer_tenures SET ended_at = '2023-05-01T00:00:00+00:00' WHERE number = 2" =>
        ("customer_tenures", "a1 2", "r1", "ended_at", Some("2023-05-01T00:00:00Z"), "at or after started_at, 2023-06-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE subscriptions SET ended_at = '2023-12-31T00:00:00+00:00' WHERE id = 'm2'" =>
        ("subscriptions", "m2", "r2", "ended_at", Some("2023-12-31T00:00:00Z"), "at or after started_at, 2024-01-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE mailing_list_subscriptions SET unsubscribed_at = '2023-12-31T00:00:00+00:00'" =>
        ("mailing_list_subscriptions", "n1", "r1", "unsubscribed_at", Some("2023-12-31T00:00:00Z"), "at or after subscribed_at, 2024-01-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE social_profile_snapshots SET replaced_at = '2024-01-15T00:00:00+00:00' WHERE id = 'h2'" =>
        ("social_profile_snapshots", "h2", "r1", "replaced_at", Some("2024-01-15T00:00:00Z"), "at or after taken_at, 2024-02-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE campaigns SET ends_at = '2023-12-31T00:00:00+00:00'" =>
        ("campaigns", "c1", "r1", "ends_at", Some("2023-12-31T00:00:00Z"), "at or after starts_at, 2024-01-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE costs SET ends_at = '2023-12-31T00:00:00+00:00'" =>
        ("costs", "k1", "r1", "ends_at", Some("2023-12-31T00:00:00Z"), "at or after starts_at, 2024-01-01T00:00:00Z");
    "ends_before_it_starts", "UPDATE reps SET left_at = '2022-01-01T00:00:00+00:00'" =>
        ("reps", "r1", "r1", "left_at", Some("2022-01-01T00:00:00Z"), "at or after hired_at, 2023-01-01T00:00:00Z");
    "lead_steps_out_of_order", "UPDATE leads SET created_at = '2024-01-02T00:00:00+00:00'" =>
        ("leads", "l1", "r1", "qualified_at", Some("2024-01-01T00:00:00Z"), "at or after created_at, 2024-01-02T00:00:00Z"),
        ("leads", "l1", "r1", "converted_at", Some("2024-01-01T00:00:00Z"), "at or after created_at, 2024-01-02T00:00:00Z");
    "lead_steps_out_of_order", "UPDATE leads SET qualified_at = '2024-01-02T00:00:00+00:00'" =>
        ("leads", "l1", "r1", "converted_at", Some("2024-01-01T00:00:00Z"), "at or after qualified_at, 2024-01-02T00:00:00Z");
    "case_steps_out_of_order", "UPDATE service_cases SET opened_at = '2024-01-02T00:00:00+00:00'" =>
        ("service_cases", "e1", "r1", "first_response_at", Some("2024-01-01T00:00:00Z"), "at or after opened_at, 2024-01-02T00:00:00Z"),
        ("service_cases", "e1", "r1", "resolved_at", Some("2024-01-01T00:00:00Z"), "at or after opened_at, 2024-01-02T00:00:00Z");

    "refund_without_order", "UPDATE orders SET amount_minor = -100" =>
        ("orders", "o1", "r1", "refund_of", None, "the id of the order that it refunds, as its amount is negative");
    "refund_of_refund", "INSERT INTO orders (id, rep_id, amount_minor, currency, ordered_at, refund_of) VALUES \
                         ('o2', 'r1', -50, 'USD', '2024-03-02T00:00:00+00:00', 'o1'), \
                         ('o3', 'r1', 50, 'USD', '2024-03-03T00:00:00+00:00', 'o2')" =>
        ("orders", "o3", "r1", "refund_of", Some("o2"), "the id of an order, such as o1, which that one refunds");
    "refund_before_order", "INSERT INTO orders (id, rep_id, amount_minor, currency, ordered_at, refund_of) VALUES \
                            ('o2', 'r1', -50, 'USD', '2024-02-29T23:59:59+00:00', 'o1'), \
                            ('o3', 'r1', -50, 'USD', '2024-03-01T00:00:00+00:00', 'o1')" =>
        ("orders", "o2", "r1", "ordered_at", Some("2024-02-29T23:59:59Z"), "at or after its order, 2024-03-01T00:00:00Z");

    "ends_before_it_starts", "UPDATE targets SET first_date = '2024-02-02'" =>
        ("targets", "q1", "r1", "last_date", Some("2024-01-31"), "on or after first_date, 2024-02-02"),
        ("targets", "q2", "r1", "last_date", Some("2024-02-01"), "on or after first_date, 2024-02-02"),
        ("targets", "q3", "r2", "last_date", Some("2024-01-31"), "on or after first_date, 2024-02-02"),
        ("targets", "q4", "", "last_date", Some("2024-01-31"), "on or after first_date, 2024-02-02"),
        ("targets", "q5", "", "last_date", Some("2024-01-31"), "on or after first_date, 2024-02-02"),
        ("targets", "q6", "", "last_date", Some("2024-01-31"), "on or after first_date, 2024-02-02");
    "target_of_unknown_kpi", "UPDATE targets SET kpi_id = 'won_valeu' WHERE id = 'q1'; UPDATE targets SET kpi_id = '' WHERE id = 'q6'" =>
        ("targets", "q1", "r1", "kpi_id", Some("won_valeu"), "the id of a KPI of the catalogue"),
        ("targets", "q6", "", "kpi_id", Some(""), "the id of a KPI of the catalogue");
    "target_of_unknown_dimension", "UPDATE targets SET dimension = 'planet' WHERE id = 'q1'; UPDATE targets SET dimension = 'team' WHERE id = 'q3'; \
                                    UPDATE targets SET member = 'x' WHERE id = 'q4'; UPDATE targets SET dimension = 'segment' WHERE id = 'q5'; \
                                    UPDATE targets SET dimension = 'network' WHERE id = 'q6'" =>
        ("targets", "q1", "r1", "dimension", Some("planet"), "a dimension of the KPI, and not rep or team"),
        ("targets", "q3", "r2", "dimension", Some("team"), "a dimension of the KPI, and not rep or team"),
        ("targets", "q4", "", "dimension", None, "a dimension of the KPI, and not rep or team"),
        ("targets", "q6", "", "dimension", Some("network"), "a dimension of the KPI, and not rep or team");
    "duplicate_target", "UPDATE targets SET rep_id = 'r1' WHERE id = 'q3'" =>
        ("targets", "q3", "r1", "rep_id", Some("r1"), "other days or another KPI than q1, for the same rep");
    "duplicate_target", "UPDATE targets SET team_id = NULL WHERE id = 'q4'" =>
        ("targets", "q5", "", "team_id", None, "other days or another KPI than q4, for the same team, or the company where there is none");
    "duplicate_target", "UPDATE targets SET team_id = 't1' WHERE id = 'q5'" =>
        ("targets", "q5", "", "team_id", Some("t1"), "other days or another KPI than q4, for the same team, or the company where there is none");
    "not_a_decimal", "UPDATE targets SET value = '1,000' WHERE id = 'q1'; UPDATE targets SET value = '1.' WHERE id = 'q2'; \
                      UPDATE targets SET value = '.5' WHERE id = 'q3'; UPDATE targets SET value = '' WHERE id = 'q4'; \
                      UPDATE targets SET value = '1e3' WHERE id = 'q5'; UPDATE targets SET value = '1.2.3' WHERE id = 'q6'; \
                      UPDATE targets SET value = '--5' WHERE id = 'q7'" =>
        ("targets", "q1", "r1", "value", Some("1,000"), "a plain decimal number"),
        ("targets", "q2", "r1", "value", Some("1."), "a plain decimal number"),
        ("targets", "q3", "r2", "value", Some(".5"), "a plain decimal number"),
        ("targets", "q4", "", "value", Some(""), "a plain decimal number"),
        ("targets", "q5", "", "value", Some("1e3"), "a plain decimal number"),
        ("targets", "q6", "", "value", Some("1.2.3"), "a plain decimal number"),
        ("targets", "q7", "", "value", Some("--5"), "a plain decimal number");
    "not_a_decimal", "INSERT INTO exchange_rates (currency, quote_currency, valid_from, rate) \
                      VALUES ('GBP', 'USD', '2024-02-01', '0.00'), ('GBP', 'USD', '2024-03-01', '-1'), ('GBP', 'USD', '2024-04-01', '0.01')" =>
        ("exchange_rates", "GBP USD 2024-02-01", "", "rate", Some("0.00"), "a plain decimal number above 0"),
        ("exchange_rates", "GBP USD 2024-03-01", "", "rate", Some("-1"), "a plain decimal number above 0");

    "movements_not_adding_up", "UPDATE mrr_movements SET change_minor = 69 WHERE change_minor = 70" =>
        ("subscriptions", "m1", "r1", "mrr_movements.change_minor", Some("99"), "100 in all, its monthly_amount_minor");
    "movements_not_adding_up", "DELETE FROM mrr_movements WHERE subscription_id = 'm1'" =>
        ("subscriptions", "m1", "r1", "mrr_movements.change_minor", Some("0"), "100 in all, its monthly_amount_minor");
    "movements_not_adding_up", "UPDATE subscriptions SET ended_at = '2024-12-31T12:00:00+00:00' WHERE id = 'm1'" =>
        ("subscriptions", "m1", "r1", "mrr_movements.change_minor", Some("100"), "0 in all, as it has ended");
    "movements_not_adding_up", "UPDATE subscriptions SET ended_at = '2025-06-01T00:00:00+00:00' WHERE id = 'm2'" =>
        ("subscriptions", "m2", "r2", "mrr_movements.change_minor", Some("0"), "50 in all, its monthly_amount_minor");
    "movements_not_adding_up", "UPDATE mrr_movements SET annual_change_minor = 604 WHERE subscription_id = 'm2' AND number = 1" =>
        ("subscriptions", "m2", "r2", "mrr_movements.annual_change_minor", Some("4"), "0 a year in all, as it has ended");
    "movement_against_its_kind", "UPDATE mrr_movements SET kind = 'contraction' WHERE number = 2" =>
        ("mrr_movements", "m1 2", "r1", "change_minor", Some("30"), "0 or less for contraction");
    "movement_against_its_kind", "UPDATE mrr_movements SET kind = 'reactivation' WHERE number = 2" =>
        ("mrr_movements", "m2 2", "r2", "change_minor", Some("-50"), "0 or more for reactivation");

    "off_scale", "UPDATE survey_answers SET score = 11" =>
        ("survey_answers", "z1", "r1", "score", Some("11"), "0 to 10 for nps"),
        ("survey_answers", "z2", "r1", "score", Some("11"), "1 to 5 for csat"),
        ("survey_answers", "z3", "r1", "score", Some("11"), "1 to 7 for ces");
    "off_scale", "UPDATE survey_answers SET score = 0" =>
        ("survey_answers", "z2", "r1", "score", Some("0"), "1 to 5 for csat"),
        ("survey_answers", "z3", "r1", "score", Some("0"), "1 to 7 for ces");
    "off_scale", "UPDATE training_results SET score = -1 WHERE score = 0" =>
        ("training_results", "x1", "r1", "score", Some("-1"), "0 to 100");
    "off_scale", "UPDATE social_profile_snapshots SET strength = 6 WHERE strength = 5" =>
        ("social_profile_snapshots", "h2", "r1", "strength", Some("6"), "1 to 5");
    "off_scale", "UPDATE stages SET probability_bp = 10001 WHERE id = 'g2'" =>
        ("stages", "g2", "", "probability_bp", Some("10001"), "0 to 10000");
    "off_scale", "UPDATE opportunities SET probability_bp = -1 WHERE id = 'd2'" =>
        ("opportunities", "d2", "r2", "probability_bp", Some("-1"), "0 to 10000");
    "negative_count", "UPDATE stages SET position = -1, expected_days = -2 WHERE id = 'g2'" =>
        ("stages", "g2", "", "position", Some("-1"), "0 or more"),
        ("stages", "g2", "", "expected_days", Some("-2"), "0 or more");
    "negative_count", "UPDATE web_sessions SET duration_seconds = -1, page_views = -2" =>
        ("web_sessions", "w1", "r1", "duration_seconds", Some("-1"), "0 or more"),
        ("web_sessions", "w1", "r1", "page_views", Some("-2"), "0 or more");
    "negative_count", "UPDATE service_calls SET handle_seconds = -1" =>
        ("service_calls", "y1", "r1", "handle_seconds", Some("-1"), "0 or more");
    "negative_count", "UPDATE social_posts SET shares = -1, comments = -2, likes = -3" =>
        ("social_posts", "i1", "r1", "shares", Some("-1"), "0 or more"),
        ("social_posts", "i1", "r1", "comments", Some("-2"), "0 or more"),
        ("social_posts", "i1", "r1", "likes", Some("-3"), "0 or more");
    "negative_count", "UPDATE social_profile_snapshots SET followers = -1, profile_views = -2, requests_sent = -3, \
                       requests_accepted = -4, inbound_requests = -5 WHERE id = 'h1'" =>
        ("social_profile_snapshots", "h1", "r1", "followers", Some("-1"), "0 or more"),
        ("social_profile_snapshots", "h1", "r1", "profile_views", Some("-2"), "0 or more"),
        ("social_profile_snapshots", "h1", "r1", "requests_sent", Some("-3"), "0 or more"),
        ("social_profile_snapshots", "h1", "r1", "requests_accepted", Some("-4"), "0 or more"),
        ("social_profile_snapshots", "h1", "r1", "inbound_requests", Some("-5"), "0 or more");

    "duplicate_account", "INSERT INTO accounts (id, name, rep_id) VALUES ('a6', ' ACME,  Inc. ', 'r2'), ('a7', 'Acme Ltd', NULL)" =>
        ("accounts", "a6", "r2", "name", Some(" ACME,  Inc. "), "another name than that of a1"),
        ("accounts", "a7", "", "name", Some("Acme Ltd"), "another name than that of a1");
    "duplicate_account", "INSERT INTO accounts (id, name, rep_id) VALUES ('b1', 'ООО «Ромашка Ёлка»', 'r1'), ('b2', 'ромашка елка', 'r2')" =>
        ("accounts", "b2", "r2", "name", Some("ромашка елка"), "another name than that of b1");
    "duplicate_account", "INSERT INTO accounts (id, name, rep_id) VALUES ('b1', 'شرکت كاوه علي', 'r1'), ('b2', 'کاوه علی', 'r2')" =>
        ("accounts", "b2", "r2", "name", Some("کاوه علی"), "another name than that of b1");
    "duplicate_lead", "UPDATE leads SET email = ' ANN@acme.com' WHERE id = 'l3'" =>
        ("leads", "l3", "r2", "email", Some(" ANN@acme.com"), "another address than that of l1");
    "duplicate_lead", "UPDATE leads SET company = 'ACME GmbH' WHERE id = 'l2'" =>
        ("leads", "l2", "r2", "name", Some("Ann"), "another name or company than that of l1");
    "duplicate_lead", "UPDATE leads SET company = 'Acme', email = 'ann@acme.com' WHERE id = 'l2'" =>
        ("leads", "l2", "r2", "email", Some("ann@acme.com"), "another address than that of l1");

    "missing_team", "UPDATE reps SET team_id = '' WHERE id = 'r2'" =>
        ("reps", "r2", "r2", "team_id", Some(""), "set");
    "lost_without_reason", "UPDATE opportunities SET loss_reason = NULL" =>
        ("opportunities", "d3", "r2", "loss_reason", None, "set, as status is lost");
};
