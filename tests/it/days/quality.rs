//! Checks of records whose times are days: what may be right somewhere on Earth is no fault.

use super::columns::{Stored, become_days};
use crate::support::{Kind, TestDatabase, on_every_database, pool};
use crm_kpi::quality::{Inspection, News, Quality, Rule};
use crm_kpi::schema::inspect;
use crm_kpi::scope::Scope;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tokio::sync::mpsc;

on_every_database!(a_day_is_a_fault_only_where_it_is_one_everywhere, days_are_told_as_days);

const NOW: &str = "2024-12-31T12:00:00Z";

/// What some rules find: key, found, expected.
async fn find(db: &DatabaseConnection, rules: &[&str]) -> Vec<String> {
    let database = pool(db);
    database.learn(inspect(&database.snapshot().await.unwrap()).await.unwrap().days);
    let inspection = Inspection {
        scope: Scope::All,
        rules: rules.iter().map(|rule| Rule::find(rule).unwrap()).collect(),
        reps: Vec::new(),
        teams: Vec::new(),
        max_records: 100,
        now: NOW.parse().unwrap(),
        currency: iso_currency::Currency::USD,
    };
    let (sender, mut news) = mpsc::channel(100);
    Quality::new(database).inspect(&inspection, &sender).await.unwrap();
    drop(sender);
    let mut found = Vec::new();
    while let Some(next) = news.recv().await {
        let News::Findings(rule, findings) = next else { continue };
        for finding in findings {
            let value = finding.found.unwrap_or_else(|| "unset".into());
            found.push(format!("{}: {} {value}: {}", rule.id, finding.key[0].value, finding.expected));
        }
    }
    found
}

/// Deals that closed on 5 March, a day that is from 4 March 10:00 (UTC+14) to 6 March 12:00 (UTC−12) in UTC.
async fn a_day_is_a_fault_only_where_it_is_one_everywhere(kind: Kind) {
    let deal = |id: &str, created: &str, closed: &str| {
        format!("('{id}', 'won', 100, 'USD', '{created}+00:00', '{closed}T00:00:00+00:00')")
    };
    let deals = [
        deal("same day", "2024-03-05T15:36:00", "2024-03-05"),
        deal("evening in the west", "2024-03-06T11:59:59", "2024-03-05"),
        deal("created later", "2024-03-06T12:00:00", "2024-03-05"),
        deal("today", "2024-01-01T00:00:00", "2024-12-31"),
        deal("tomorrow, today in the east", "2024-01-01T00:00:00", "2025-01-01"),
        deal("in the future", "2024-01-01T00:00:00", "2025-01-02"),
    ];
    for stored in Stored::ALL {
        let database = TestDatabase::migrated(kind).await;
        let columns = "id, status, amount_minor, currency, created_at, closed_at";
        let insert = format!("INSERT INTO opportunities ({columns}) VALUES {}", deals.join(", "));
        database.connection.execute_unprepared(&insert).await.unwrap();
        become_days(&database.connection, &[("opportunities", "closed_at")], stored).await;
        let found = find(&database.connection, &["closed_before_created", "closed_in_future"]).await;
        let expected = [
            "closed_before_created: created later 2024-03-05: at or after created_at, 2024-03-06T12:00:00Z",
            // It begins in UTC+14 at 10:00 on the day before.
            "closed_in_future: in the future 2025-01-02: at or before the time of the check, 2024-12-31T12:00:00Z",
        ];
        assert_eq!(found, expected, "{stored:?}");
    }
}

/// Both are days: compared as they are.
async fn days_are_told_as_days(kind: Kind) {
    for stored in Stored::ALL {
        let database = TestDatabase::migrated(kind).await;
        let insert = "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES \
             ('one day', 1, '2024-03-05T00:00:00+00:00', '2024-03-05T00:00:00+00:00'), \
             ('backwards', 1, '2024-03-05T00:00:00+00:00', '2024-03-04T00:00:00+00:00'), \
             ('overlap', 1, '2024-03-05T00:00:00+00:00', '2024-03-08T00:00:00+00:00'), \
             ('overlap', 2, '2024-03-07T00:00:00+00:00', NULL)";
        database.connection.execute_unprepared(insert).await.unwrap();
        let days = [("customer_tenures", "started_at"), ("customer_tenures", "ended_at")];
        become_days(&database.connection, &days, stored).await;
        let rules = ["ends_before_it_starts", "tenures_overlap", "time_out_of_range"];
        let expected = [
            "ends_before_it_starts: backwards 2024-03-04: at or after started_at, 2024-03-05",
            "tenures_overlap: overlap 2024-03-08: at or before 2024-03-07, when the next tenure starts",
        ];
        assert_eq!(find(&database.connection, &rules).await, expected, "{stored:?}");
    }
}
