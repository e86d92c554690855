//! Rates that those who read them would believe, of all that is not a deal.

use super::{assert_share, filled, number, options};
use crate::support::{Kind, on_every_database};
use crm_kpi::synthetic::Options;
use sea_orm::DatabaseConnection;
use std::ops::RangeInclusive;

on_every_database!(rates_are_believable);

/// A rate in per mille: of which rows, which part, and between which values it lies.
type Rate = (&'static str, &'static str, RangeInclusive<i64>);

const RATES: [Rate; 37] = [
    ("leads", "qualified_at IS NOT NULL", 270..=430),
    ("leads", "status = 'converted'", 40..=160),
    ("leads WHERE qualified_at IS NOT NULL", "converted_at IS NOT NULL", 120..=420),
    ("leads", "status = 'disqualified'", 400..=900),
    ("leads", "campaign_id IS NOT NULL", 150..=700),
    ("leads", "source_id = 'src-06'", 50..=170),
    ("campaigns", "ends_at IS NULL", 40..=300),
    ("campaign_responses", "lead_id IS NOT NULL", 300..=750),
    ("orders WHERE opportunity_id IS NOT NULL", "campaign_id IS NOT NULL", 80..=600),
    ("web_sessions", "goal_completed", 15..=50),
    ("web_sessions", "page_views = 1", 50..=400),
    ("web_sessions", "lead_id IS NOT NULL", 100..=250),
    ("mailing_list_subscriptions", "unsubscribed_at IS NOT NULL", 80..=350),
    ("mrr_movements", "kind = 'new'", 150..=600),
    ("mrr_movements", "kind = 'expansion'", 150..=600),
    ("mrr_movements", "kind = 'contraction'", 5..=120),
    ("mrr_movements", "kind = 'churn'", 60..=350),
    ("mrr_movements", "kind = 'reactivation'", 1..=60),
    ("renewals", "renewed_at IS NOT NULL", 820..=920),
    ("activities", "prospecting", 280..=420),
    ("activities WHERE direction = 'outbound' AND kind IN ('email', 'message')", "personalized", 330..=500),
    ("activities", "direction = 'outbound'", 750..=900),
    ("activities", "kind = 'call'", 300..=500),
    ("activities", "kind = 'email'", 300..=500),
    ("activities", "kind = 'meeting'", 50..=200),
    ("activities", "lead_id IS NOT NULL", 60..=350),
    ("activities", "opportunity_id IS NOT NULL", 250..=500),
    ("service_cases", "resolved_at IS NULL", 1..=60),
    ("service_cases", "kind = 'complaint'", 50..=140),
    ("service_cases WHERE resolved_at IS NOT NULL", "resolved_at <= due_at", 870..=940),
    ("service_calls", "outcome = 'abandoned'", 35..=90),
    ("service_calls", "callback", 100..=350),
    ("survey_answers WHERE kind = 'csat'", "score >= 4", 720..=870),
    ("survey_answers WHERE kind = 'nps'", "score >= 9", 380..=560),
    ("survey_answers WHERE kind = 'nps'", "score <= 6", 130..=290),
    ("training_results", "score >= 90", 10..=400),
    ("social_posts", "network = 'linkedin'", 550..=850),
];

async fn rates_are_believable(kind: Kind) {
    let small = Options { reps: 6, ..options() };
    // The default size once: the other database gets the same rows.
    let all = match kind {
        Kind::Sqlite => vec![small, Options::demo(options().last_day)],
        Kind::Postgres => vec![small],
    };
    for options in all {
        let large = options.reps > 6;
        let database = filled(kind, &options).await;
        let db = &database.connection;
        assert_rates(db, large).await;
        means(db, kind, &options).await;
        campaigns_differ_in_return(db, large).await;
        customers_are_worth_more_than_they_cost(db, &options).await;
        lists_grow(db, &options).await;
        if large {
            let mut rows = 0;
            for table in crm_kpi::crm::TABLE_NAMES {
                rows += number(db, &format!("SELECT COUNT(*) FROM {table}")).await;
            }
            assert!((250_000..450_000).contains(&rows), "{rows} rows");
        }
    }
}

/// The rates, which those of the data of the default size are nearer to.
pub async fn assert_rates(db: &DatabaseConnection, large: bool) {
    for (whole, part, range) in RATES {
        let slack = if large { 0 } else { (range.end() - range.start()) / 3 };
        let and = if whole.contains("WHERE") { "AND" } else { "WHERE" };
        let part = format!("SELECT COUNT(*) FROM {whole} {and} {part}");
        let range = (range.start() - slack).max(1)..=range.end() + slack;
        assert_share(db, &part, &format!("SELECT COUNT(*) FROM {whole}"), range).await;
    }
}

/// A sum or mean as a whole number.
async fn whole(db: &DatabaseConnection, sql: &str) -> i64 {
    number(db, &format!("SELECT CAST(({sql}) AS BIGINT)")).await
}

async fn means(db: &DatabaseConnection, kind: Kind, options: &Options) {
    let day = |column: &str| match kind {
        Kind::Sqlite => format!("substr({column}, 1, 10)"),
        Kind::Postgres => format!("({column} AT TIME ZONE 'UTC')::date"),
    };
    let hour = |column: &str| match kind {
        Kind::Sqlite => format!("CAST(substr({column}, 12, 2) AS BIGINT)"),
        Kind::Postgres => format!("EXTRACT(HOUR FROM {column} AT TIME ZONE 'UTC')"),
    };
    let same_day = format!(
        "SELECT 1000 * COUNT(CASE WHEN {} = {} THEN 1 END) / COUNT(*) FROM service_cases WHERE resolved_at IS NOT NULL",
        day("opened_at"),
        day("resolved_at")
    );
    let a_day =
        format!("SELECT 100 * COUNT(*) / COUNT(DISTINCT {}) / {} FROM activities", day("occurred_at"), options.reps);
    let signed_in = format!(
        "SELECT 1000 * COUNT(*) / (SELECT COUNT(*) FROM (SELECT DISTINCT rep_id, {} AS day FROM activities) days)
           FROM (SELECT DISTINCT rep_id, {} AS day FROM sign_ins) days",
        day("occurred_at"),
        day("signed_in_at")
    );
    let outside = format!(
        "SELECT COUNT(*) FROM activities x JOIN reps r ON r.id = x.rep_id WHERE {} NOT BETWEEN
           CASE r.region WHEN 'Americas' THEN 13 WHEN 'EMEA' THEN 7 ELSE 0 END
           AND CASE r.region WHEN 'Americas' THEN 21 WHEN 'EMEA' THEN 15 ELSE 8 END",
        hour("occurred_at")
    );
    let figures: [(&str, String, RangeInclusive<i64>); 13] = [
        ("cases closed the same day, per mille", same_day, 400..=500),
        ("activities a rep and day, in hundredths", a_day, 180..=420),
        ("days signed in per day with activities, per mille", signed_in, 700..=1150),
        ("activities outside of working hours", outside, 0..=0),
        ("handle time", "SELECT AVG(handle_seconds) FROM service_calls".into(), 320..=400),
        ("effort", "SELECT 100 * AVG(score) FROM survey_answers WHERE kind = 'ces'".into(), 520..=580),
        ("training score", "SELECT AVG(score) FROM training_results".into(), 74..=86),
        ("strength", "SELECT 100 * AVG(strength) FROM social_profile_snapshots".into(), 150..=420),
        (
            "accepted requests, per mille",
            "SELECT 1000 * SUM(requests_accepted) / SUM(requests_sent) FROM social_profile_snapshots".into(),
            310..=390,
        ),
        (
            "trainings a rep and quarter, in hundredths",
            format!("SELECT 100 * COUNT(*) / {} FROM training_results", options.reps * options.years * 4),
            65..=125,
        ),
        (
            "promoters less detractors, per mille",
            "SELECT 1000 * (COUNT(CASE WHEN score >= 9 THEN 1 END) - COUNT(CASE WHEN score <= 6 THEN 1 END)) / COUNT(*)
               FROM survey_answers WHERE kind = 'nps'"
                .into(),
            230..=370,
        ),
        ("campaigns a year", format!("SELECT COUNT(*) / {} FROM campaigns", options.years), 12..=12),
        (
            "reps who sign in seldom",
            format!(
                "SELECT COUNT(*) FROM (SELECT rep_id FROM sign_ins GROUP BY rep_id HAVING COUNT(*) < {}) seldom",
                130 * options.years
            ),
            1..=i64::from(options.reps) / 2,
        ),
    ];
    for (what, sql, range) in figures {
        let figure = whole(db, &sql).await;
        assert!(range.contains(&figure), "{what}: {figure}, not {range:?}");
    }
}

/// In the default data, what each channel yields beyond its cost, in per mille of it.
pub async fn campaigns_differ_in_return(db: &DatabaseConnection, large: bool) {
    let mut returns = Vec::new();
    for channel in ["email", "partner", "webinar", "search", "event", "social"] {
        let revenue = format!(
            "SELECT COALESCE(SUM(o.amount_minor), 0) FROM orders o JOIN campaigns c ON c.id = o.campaign_id
              WHERE c.channel = '{channel}'"
        );
        let cost =
            format!("SELECT SUM(amount_minor) FROM costs WHERE campaign_id IS NOT NULL AND channel = '{channel}'");
        let (revenue, cost) = (whole(db, &revenue).await, whole(db, &cost).await);
        returns.push((channel, 1000 * (revenue - cost) / cost));
    }
    let (least, most) = if large { (-700, 6_000) } else { (-1000, 9_000) };
    assert!(returns.iter().all(|(_, roi)| (least..=most).contains(roi)), "{returns:?}");
    let of = |wanted: &str| returns.iter().find(|(channel, _)| *channel == wanted).map_or(0, |(_, roi)| *roi);
    assert!(of("email") > of("social") + 1_000 && of("social") < 0, "{returns:?}");
    if large {
        assert!(of("email") > of("search") && of("webinar") > of("event"), "{returns:?}");
        assert!((-100..0).contains(&(of("social") / 10)) && of("email") > 2_500, "{returns:?}");
    }
}

/// Over the last year: what a customer brings in a life, against what it costs to win one; also by segment.
pub async fn customers_are_worth_more_than_they_cost(db: &DatabaseConnection, options: &Options) {
    let end = options.last_day.succ_opt().unwrap();
    let start = end.checked_sub_months(chrono::Months::new(12)).unwrap();
    let during = |column: &str| format!("{column} >= '{start}T00:00:00+00:00' AND {column} < '{end}T00:00:00+00:00'");
    let at = |day: chrono::NaiveDate| {
        format!("started_at < '{day}T00:00:00+00:00' AND (ended_at IS NULL OR ended_at >= '{day}T00:00:00+00:00')")
    };
    for segment in [None, Some("smb"), Some("mid_market"), Some("enterprise")] {
        let own = segment.map_or("1 = 1".to_owned(), |segment| format!("a.segment = '{segment}'"));
        let tenures =
            format!("SELECT COUNT(*) FROM customer_tenures t JOIN accounts a ON a.id = t.account_id AND {own}");
        let sales = format!(
            "SELECT SUM(amount_minor) FROM orders o JOIN accounts a ON a.id = o.account_id AND {own} WHERE {}",
            during("ordered_at")
        );
        let costs = format!(
            "SELECT SUM(amount_minor) FROM costs a WHERE kind IN ('marketing', 'sales') AND {own} AND {}",
            during("starts_at")
        );
        let won = whole(db, &format!("{tenures} WHERE number = 1 AND {}", during("started_at"))).await.max(1);
        let lost = whole(db, &format!("{tenures} WHERE {}", during("ended_at"))).await.max(1);
        let before = whole(db, &format!("{tenures} WHERE {}", at(start))).await;
        let after = whole(db, &format!("{tenures} WHERE {}", at(end))).await;
        let cost = whole(db, &costs).await / won;
        // A year's sales of a customer times the years that one stays.
        let value = whole(db, &sales).await / ((before + after) / 2).max(1) * before / lost;
        let times = 100 * value / cost;
        println!("{segment:?}: {won} won, {lost} of {before} lost, value {value}, cost {cost}: {times} %");
        let range = if segment.is_none() && options.reps > 6 { 200..=600 } else { 60..=2_500 };
        assert!(range.contains(&times), "{segment:?}: value {value}, cost {cost}");
    }
}

pub async fn lists_grow(db: &DatabaseConnection, options: &Options) {
    let mut sizes = Vec::new();
    let mut day = options.first_day();
    while day <= options.last_day {
        let before = |column: &str| format!("{column} < '{day}T00:00:00+00:00'");
        let size = format!(
            "SELECT COUNT(*) FROM mailing_list_subscriptions WHERE {} AND (unsubscribed_at IS NULL OR NOT {})",
            before("subscribed_at"),
            before("unsubscribed_at")
        );
        sizes.push(whole(db, &size).await);
        day = day.checked_add_months(chrono::Months::new(3)).unwrap();
    }
    for pair in sizes.windows(2) {
        let permille = 1000 * (pair[1] - pair[0]) / pair[0];
        assert!((5..=320).contains(&permille), "{permille} per mille a quarter: {sizes:?}");
    }
}
