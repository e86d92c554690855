//! Calendars over the server, on both databases: what lies at the edge of a bucket, and what a clock makes of today.

/// Periods seen just before and just after a midnight.
mod clock;
/// Orders at the first and the last millisecond of every bucket.
mod edges;

use chrono::{DateTime, Utc};
use crm_kpi::crm::orders;
use crm_kpi::proto::{Calendar, CalendarSystem, KpiQuery, Weekday};
use sea_orm::IntoActiveModel;

use crate::support::any_of;

/// A calendar with nothing unset, as a header tells it.
fn calendar(zone: &str, system: CalendarSystem, week_start: Weekday, month: i32) -> Calendar {
    Calendar {
        time_zone: zone.into(),
        system: system.into(),
        week_start: week_start.into(),
        fiscal_year_start_month: month,
    }
}

/// An order of a rep.
fn order(id: String, rep: &str, ordered_at: DateTime<Utc>, cents: i64) -> orders::ActiveModel {
    orders::Model {
        id,
        rep_id: Some(rep.into()),
        amount_minor: cents,
        currency: "USD".into(),
        ordered_at,
        ..Default::default()
    }
    .into_active_model()
}

/// How many orders a rep has, and for how much.
fn orders_of(rep: &str, calendar: Calendar) -> KpiQuery {
    KpiQuery {
        kpi_ids: vec!["order_count".into(), "total_sales".into()],
        calendar: Some(calendar),
        filters: vec![any_of("rep", &[rep])],
        ..Default::default()
    }
}
