//! The statement that reads the targets of some owners.

use super::subject::Member;
use crate::catalog::{Column, Dimension, Join, Source};
use crate::crm::reps;
use crate::crm::targets::Column as C;
use crate::database::{DayColumns, Dialect, time};
use crate::engine::model::{KeyRange, Question};
use crate::engine::sql::{Buckets, TeamRows, Writer};
use crate::error::{Error, Result};
use crate::period::Timeline;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, Query, SelectStatement};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::LazyLock;

/// Whose targets a statement reads.
pub(super) enum Owners<'a> {
    /// Those of reps, and which teams these are in.
    Reps {
        by_team: bool,
        range: &'a KeyRange,
    },
    /// That of this team; none: those of the teams that the question has rows of. Only of teams that its scope shows.
    Teams(Option<&'a str>),
    Company,
}

/// A target as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub id: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub value: Decimal,
    pub currency: String,
}

/// Targets of one KPI for one owner and member.
pub(super) type Stored = BTreeMap<String, Target>;

/// Owner, member, team of a rep, the target, and when a rep is employed, in the order of owners and members.
pub(super) fn select(
    (dialect, days): (Dialect, &DayColumns),
    (question, timeline): (&Question, &Timeline),
    owners: &Owners<'_>,
    member: Member<'_>,
) -> SelectStatement {
    let source = targets();
    let mut writer = Writer::new(dialect, &question.scope).of_scan(Buckets::default(), days, timeline);
    let mut select = Query::select();
    let column = |writer: &mut Writer<'_>, column: C| writer.column(column.into());
    let text = |expr: Expr| Expr::from(Func::coalesce([expr, Expr::val("")]));
    let (rep, team) = (text(column(&mut writer, C::RepId)), text(column(&mut writer, C::TeamId)));
    let mut by_team = None;
    let owner = match owners {
        Owners::Reps { by_team: wanted, range } => {
            select.and_where(rep.clone().ne(""));
            // Filters by other dimensions are of members.
            for filter in &question.filters {
                select.cond_where(Cond::all().add_option(writer.filter(source, filter)));
            }
            select.cond_where(Cond::all().add_option(writer.scope(source)));
            for bound in writer.within(source.rep, range) {
                select.and_where(bound);
            }
            by_team = source.path(Dimension::Team).filter(|_| *wanted);
            rep.clone()
        }
        Owners::Teams(one) => {
            select.and_where(rep.clone().eq("")).and_where(team.clone().ne(""));
            match one {
                Some(id) => _ = select.and_where(team.clone().eq(*id)),
                None => {
                    for condition in writer.has_rows(TeamRows::of(question), &team) {
                        select.and_where(condition);
                    }
                }
            }
            let shown = column(&mut writer, C::TeamId);
            select.cond_where(Cond::all().add_option(writer.shows_team(shown)));
            team.clone()
        }
        Owners::Company => {
            select.and_where(rep.clone().eq("")).and_where(team.clone().eq(""));
            Expr::val("")
        }
    };
    let in_team = match by_team {
        Some(own) => {
            for condition in writer.is_row(source, (Dimension::Team, own), question) {
                select.and_where(condition);
            }
            writer.key(source, Dimension::Team)
        }
        None => None,
    };
    let (dimension, key) = (text(column(&mut writer, C::Dimension)), text(column(&mut writer, C::Member)));
    select.and_where(dimension.eq(member.dimension().map_or("", Dimension::id)));
    let key = match member {
        Member::All => Expr::val(""),
        Member::One(_, id) => {
            select.and_where(key.eq(id));
            Expr::val("")
        }
        Member::Each(..) => key,
    };
    select.expr(dialect.bytes(owner)).expr(dialect.bytes(key)).expr(in_team.unwrap_or(Expr::val("")));
    for field in [C::KpiId, C::Id, C::FirstDate, C::LastDate, C::Value] {
        select.expr(column(&mut writer, field));
    }
    select.expr(text(column(&mut writer, C::Currency)));
    if let Owners::Reps { .. } = owners {
        select.exprs(writer.days_through(reps::Column::HiredAt.into(), reps::Column::LeftAt.into()));
    }
    writer.from(source, by_team, &mut select);
    for place in ["1", "2"] {
        select.order_by_expr(Expr::cust(place), sea_orm::Order::Asc);
    }
    select
}

impl Target {
    /// A row of the statement.
    pub fn of(row: &QueryResult) -> Result<Self> {
        let (id, value): (String, String) = (row.try_get_by_index(4)?, row.try_get_by_index(7)?);
        let plain = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        let decimal = value.parse().ok().filter(|_| plain);
        let value = decimal.ok_or_else(|| Error::BadStoredData(format!("the target {id} has no decimal value")))?;
        let day = |column: &str, place| {
            let bad = |what: &dyn Display| Error::BadStoredData(format!("targets.{column} of the target {id} {what}"));
            time(row, place).map_err(|error| bad(&error))?.ok_or_else(|| bad(&"is not set"))
        };
        let (first, last) = (day("first_date", 5)?, day("last_date", 6)?);
        Ok(Self { id, first, last, value, currency: row.try_get_by_index(8)? })
    }
}

/// Targets by the rep that they are for.
pub(super) fn targets() -> &'static Source {
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "targets",
        table: Column::from(C::Id).table,
        joins: vec![Join { from: C::RepId.into(), to: reps::Column::Id.into() }],
        rep: C::RepId.into(),
        currency: None,
        paths: vec![(Dimension::Rep, C::RepId.into()), (Dimension::Team, reps::Column::TeamId.into())],
        belonging: None,
    });
    &SOURCE
}
