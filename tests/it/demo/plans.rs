//! Targets and exchange rates of the demo.

use super::{filled, number, options};
use crate::support::{Kind, on_every_database};
use crm_kpi::crm::{exchange_rates, targets};
use crm_kpi::synthetic::Options;
use sea_orm::{DatabaseConnection, DbBackend, EntityTrait, FromQueryResult, Statement};
use std::collections::{BTreeMap, BTreeSet};

on_every_database!(targets_cover_all_years, targets_are_met_more_or_less, rates_are_there_for_every_event);

async fn targets_cover_all_years(kind: Kind) {
    let database = filled(kind, &options()).await;
    let all = targets::Entity::find().all(&database.connection).await.unwrap();
    let mut days: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for target in &all {
        let who = (target.rep_id.is_some(), target.team_id.is_some(), target.dimension.as_deref());
        let days = days.entry((who, target.kpi_id.as_str(), months(target))).or_default();
        days.push((target.first_date, target.last_date));
        assert_eq!(target.currency.is_some(), target.kpi_id != "win_rate" && target.kpi_id != "opportunities_won");
    }
    let (rep, team, company) = ((true, false, None), (false, true, None), (false, false, None));
    let segment = (false, false, Some("segment"));
    let flows = ["won_value", "total_sales", "opportunities_won"];
    let others = ["win_rate", "pipeline_value"];
    let mut expected = BTreeSet::new();
    expected.extend(flows.map(|kpi| (rep, kpi, 1)));
    expected.extend(others.map(|kpi| (rep, kpi, 3)));
    for kpi in flows.into_iter().chain(others) {
        expected.extend([(team, kpi, 3), (company, kpi, 3), (company, kpi, 12), (segment, kpi, 3)]);
    }
    assert_eq!(days.keys().copied().collect::<BTreeSet<_>>(), expected);
    let (first, last) = (options().first_day(), "2026-12-31".parse().unwrap());
    for (key, days) in days {
        let (from, until) = (days.iter().map(|days| days.0).min(), days.iter().map(|days| days.1).max());
        assert!(from.unwrap() <= first && until == Some(last), "{key:?}: {from:?} to {until:?}");
    }
    let sums = "SELECT COUNT(*) FROM targets c WHERE rep_id IS NULL AND team_id IS NULL AND dimension IS NULL AND kpi_id = 'won_value'
        AND CAST(value AS BIGINT) = (SELECT SUM(CAST(value AS BIGINT)) FROM targets r WHERE r.rep_id IS NOT NULL
            AND r.kpi_id = c.kpi_id AND r.first_date >= c.first_date AND r.last_date <= c.last_date)";
    assert_eq!(number(&database.connection, sums).await, 0, "the company has plans of its own");
}

/// How many calendar months it is for, of which there are all days.
fn months(target: &targets::Model) -> i32 {
    use chrono::Datelike;
    let end = target.last_date.succ_opt().unwrap();
    assert_eq!((target.first_date.day(), end.day()), (1, 1));
    (end.year() - target.first_date.year()) * 12 + end.month() as i32 - target.first_date.month() as i32
}

#[derive(FromQueryResult)]
struct Attainment {
    target: i64,
    reached: i64,
}

/// What was reached of the targets of a KPI that lie within the data, in per cent.
async fn attainments(db: &DatabaseConnection, kpi: &str, whose: &str, reached: &str, at: &str) -> Vec<i64> {
    let day = match db.get_database_backend() {
        DbBackend::Postgres => format!("({at} AT TIME ZONE 'UTC')::date"),
        _ => format!("substr({at}, 1, 10)"),
    };
    let (first, last) = (options().first_day(), options().last_day);
    let sql = format!(
        "SELECT CAST(t.value AS BIGINT) AS target, CAST((SELECT {reached} AND {day} >= t.first_date
            AND {day} <= t.last_date) AS BIGINT) AS reached
          FROM targets t WHERE kpi_id = '{kpi}' AND {whose} AND first_date >= '{first}' AND last_date <= '{last}'"
    );
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = Attainment::find_by_statement(statement).all(db).await.unwrap();
    let mut all: Vec<_> = rows.iter().map(|row| 100 * row.reached / row.target).collect();
    all.sort_unstable();
    all
}

async fn targets_are_met_more_or_less(kind: Kind) {
    let database = filled(kind, &options()).await;
    let db = &database.connection;
    let won = "FROM opportunities x WHERE status = 'won'";
    let sold = "FROM orders x WHERE 1 = 1";
    let sum = "SUM(amount_minor) / 100";
    for (kpi, what, rows, at) in [
        ("won_value", sum, won, "closed_at"),
        ("total_sales", sum, sold, "ordered_at"),
        ("opportunities_won", "COUNT(*)", won, "closed_at"),
    ] {
        let what = format!("COALESCE({what}, 0)");
        let reps =
            attainments(db, kpi, "rep_id IS NOT NULL", &format!("{what} {rows} AND rep_id = t.rep_id"), at).await;
        let teams = format!(
            "{what} {rows} AND rep_id IN (SELECT r.id FROM reps r JOIN teams g ON g.id = r.team_id
               WHERE g.id = t.team_id OR g.parent_id = t.team_id)"
        );
        let teams = attainments(db, kpi, "team_id IS NOT NULL", &teams, at).await;
        let whole = "rep_id IS NULL AND team_id IS NULL AND dimension IS NULL";
        let company = attainments(db, kpi, whole, &format!("{what} {rows}"), at).await;
        let in_segment = "account_id IN (SELECT a.id FROM accounts a WHERE a.segment = t.member)";
        let segments =
            attainments(db, kpi, "dimension = 'segment'", &format!("{what} {rows} AND {in_segment}"), at).await;
        assert!(reps.len() > 200 && teams.len() > 20 && company.len() >= 7, "{kpi}");
        let share = |all: &[i64]| 100 * all.iter().filter(|one| (70..=130).contains(*one)).count() / all.len();
        let median = |all: &[i64]| all[all.len() / 2];
        println!(
            "{kpi}: reps {} % {}, teams {} % {teams:?}, company {company:?}",
            share(&reps),
            median(&reps),
            share(&teams)
        );
        assert!(share(&reps) >= 60 && (85..=115).contains(&median(&reps)), "{kpi}: {reps:?}");
        assert!(share(&teams) >= 85 && (85..=115).contains(&median(&teams)), "{kpi}: {teams:?}");
        assert!(segments.len() > 10 && share(&segments) >= 85, "{kpi}: {segments:?}");
        assert!(company.iter().all(|one| (80..=125).contains(one)), "{kpi}: {company:?}");
        assert!(company.iter().any(|one| *one < 100) && company.iter().any(|one| *one > 100), "{kpi}: {company:?}");
    }
}

async fn rates_are_there_for_every_event(kind: Kind) {
    let old = Options { reps: 3, years: 1, ..options() };
    for options in [options(), old] {
        let database = filled(kind, &options).await;
        let db = &database.connection;
        let rates = exchange_rates::Entity::find().all(db).await.unwrap();
        let mut pairs: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for rate in &rates {
            assert!([&rate.currency, &rate.quote_currency].iter().any(|code| *code == "USD"));
            assert!(rate.rate.parse::<f64>().unwrap() > 0.0 && rate.rate.len() <= 9, "{rate:?}");
            pairs.entry((&rate.currency, &rate.quote_currency)).or_default().insert(rate.valid_from);
        }
        let codes: BTreeSet<_> = pairs.keys().flat_map(|pair| [pair.0.as_str(), pair.1.as_str()]).collect();
        assert!(["EUR", "GBP", "JPY", "KWD", "IRR", "USD"].iter().all(|code| codes.contains(code)));
        for (pair, days) in pairs {
            let (first, last) = (days.first().unwrap(), days.last().unwrap());
            assert_eq!(*last, "2026-11-01".parse().unwrap(), "{pair:?}");
            use chrono::Datelike;
            let months = (last.year() - first.year()) * 12 + last.month() as i32 - first.month() as i32 + 1;
            assert_eq!(days.len(), months as usize, "{pair:?}: a rate a month");
            for (table, column) in [
                ("orders", "ordered_at"),
                ("opportunities", "created_at"),
                ("costs", "starts_at"),
                ("mrr_movements", "moved_at"),
            ] {
                let before = format!("SELECT COUNT(*) FROM {table} WHERE {column} < '{first}T00:00:00+00:00'");
                assert_eq!(number(db, &before).await, 0, "{pair:?}: {table}");
            }
        }
        assert_eq!(number(db, "SELECT COUNT(*) FROM orders WHERE currency <> 'USD'").await, 0);
    }
}
