//! What values were meant to be: targets of reps, of teams and of the company.

use super::question::{Filter, Question, Scope, Test};
use super::rates::Rates;
use super::sql::{KeyRange, Writer};
use crate::catalog::{Column, Dimension, Join, Kind, Kpi, Source, Unit};
use crate::crm::{reps, targets::Column as C};
use crate::database::Dialect;
use crate::error::{Error, Result};
use crate::period::{Bucket, Timeline};
use chrono::NaiveDate;
use futures::TryStreamExt;
use rust_decimal::Decimal;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, StreamTrait};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// The targets of every KPI at every bucket, KPI by KPI.
type Aims = Vec<Option<Decimal>>;

/// The targets of a question's rows, or of its totals.
#[derive(Debug, Default)]
pub(super) struct Targets {
    buckets: usize,
    /// Own targets by rep or team; by the empty text for everything.
    own: HashMap<String, Aims>,
    /// The sums of reps' targets by team; by the empty text for everything.
    of_reps: HashMap<String, Aims>,
}

/// A target as it is stored.
#[derive(Clone, Debug)]
struct Target {
    id: String,
    first: NaiveDate,
    last: NaiveDate,
    value: Decimal,
    currency: String,
}

/// Targets of one KPI for one owner.
type Stored = BTreeMap<String, Target>;

/// Whose targets a statement reads.
enum Owners<'a> {
    /// Those of reps, and which teams these are in.
    Reps {
        by_team: bool,
        range: &'a KeyRange,
    },
    /// Those of these teams; none: those that the question's filter by team and its scope hold for.
    Teams(Option<&'a str>),
    Company,
}

impl Targets {
    /// The own target of a row, and the sum of its reps'.
    pub fn of(&self, key: &[String], kpi: usize, bucket: usize) -> (Option<Decimal>, Option<Decimal>) {
        let key = key.first().map_or("", String::as_str);
        let at = |aims: &HashMap<String, Aims>| aims.get(key).and_then(|aims| aims[kpi * self.buckets + bucket]);
        (at(&self.own), at(&self.of_reps))
    }
}

/// Reads the targets of a question.
pub(super) struct Aiming<'a> {
    snapshot: &'a DatabaseTransaction,
    question: &'a Question,
    timeline: &'a Timeline,
    /// The KPIs of the question whose targets are read, by their ids.
    kpis: HashMap<&'static str, usize>,
    rates: Option<Rates>,
}

impl<'a> Aiming<'a> {
    /// None where the question has no targets: those of reps, teams and the company are for all that these do, whatever
    /// else it filters by.
    pub async fn new(
        snapshot: &'a DatabaseTransaction,
        question: &'a Question,
        timeline: &'a Timeline,
    ) -> Result<Option<Self>> {
        let owners = |filter: &Filter| matches!(filter.dimension, Dimension::Rep | Dimension::Team);
        if !question.include_targets || !question.filters.iter().all(owners) {
            return Ok(None);
        }
        let of_own_currency = |kpi: &Kpi| question.own_currency && kpi.unit == Unit::Currency;
        let kpis = question.kpis.iter().enumerate().filter(|(_, kpi)| !of_own_currency(kpi));
        let kpis = kpis.map(|(place, kpi)| (kpi.id, place)).collect();
        let mut aiming = Self { snapshot, question, timeline, kpis, rates: None };
        aiming.rates = aiming.load_rates().await?;
        Ok(Some(aiming))
    }

    /// The rates of the targets that are of another currency, if there are any.
    async fn load_rates(&self) -> Result<Option<Rates>> {
        let mut select = Query::select();
        select.expr(Expr::col(C::FirstDate).min()).from(targets().table);
        self.narrow(&mut select);
        let currency = self.question.currency;
        select.and_where(Expr::col(C::Currency).ne(currency.code()).and(Expr::col(C::Currency).ne("")));
        let statement = Dialect::from(ConnectionTrait::get_database_backend(self.snapshot)).statement(&select);
        let row = self.snapshot.query_one_raw(statement).await?;
        let first: Option<NaiveDate> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        let Some(first) = first else { return Ok(None) };
        let (calendar, until) = (&self.timeline.calendar, self.timeline.last());
        Ok(Some(Rates::load(self.snapshot, currency, calendar, (Ord::min(first, until), until)).await?))
    }

    /// Only targets of the question's KPIs that reach into its period.
    fn narrow(&self, select: &mut SelectStatement) {
        let column = |column: C| Expr::col((targets().table, column));
        select
            .and_where(column(C::KpiId).is_in(self.kpis.keys().copied()))
            .and_where(column(C::FirstDate).lte(self.timeline.last()))
            .and_where(column(C::LastDate).gte(self.timeline.first()))
            .and_where(column(C::FirstDate).lte(column(C::LastDate)));
    }

    /// The targets of the question's rows, of reps in a range. A row has some where it stands for a rep, a team or all.
    pub async fn of_rows(&self, range: &KeyRange) -> Result<Targets> {
        match self.question.group_by.as_slice() {
            [] => self.of_totals().await,
            [Dimension::Rep] => {
                let mut own = HashMap::new();
                let owners = Owners::Reps { by_team: false, range };
                self.read(owners, &mut |rep, _, aims| {
                    own.insert(rep.to_owned(), aims);
                    Ok(())
                })
                .await?;
                Ok(self.targets(own, HashMap::new()))
            }
            [Dimension::Team] => {
                let mut own = HashMap::new();
                let partial =
                    |filter: &Filter| !matches!(filter, Filter { dimension: Dimension::Team, test: Test::AnyOf(_) });
                let whole =
                    !matches!(self.question.scope, Scope::Reps(_)) && !self.question.filters.iter().any(partial);
                if whole {
                    self.read(Owners::Teams(None), &mut |team, _, aims| {
                        own.insert(team.to_owned(), aims);
                        Ok(())
                    })
                    .await?;
                }
                let mut of_reps = HashMap::new();
                let owners = Owners::Reps { by_team: true, range };
                self.read(owners, &mut |_, teams, aims| {
                    teams.iter().try_for_each(|team| self.add(of_reps.entry(team.clone()).or_default(), &aims))
                })
                .await?;
                Ok(self.targets(own, of_reps))
            }
            _ => Ok(self.targets(HashMap::new(), HashMap::new())),
        }
    }

    /// The targets of everything together: the company's own, or that of the one team or rep that the question is about.
    pub async fn of_totals(&self) -> Result<Targets> {
        let mut of_reps = Aims::new();
        let everyone = KeyRange::default();
        let owners = Owners::Reps { by_team: false, range: &everyone };
        self.read(owners, &mut |_, _, aims| self.add(&mut of_reps, &aims)).await?;
        let mut own = HashMap::new();
        let mut keep = |_: &str, _: &BTreeSet<String>, aims| {
            own.insert(String::new(), aims);
            Ok(())
        };
        let one = |ids: &'a [String]| <&[String; 1]>::try_from(ids).ok().map(|[id]| id.as_str());
        match (&self.question.scope, self.question.filters.as_slice()) {
            (Scope::All, []) => self.read(Owners::Company, &mut keep).await?,
            (Scope::All, [Filter { dimension: Dimension::Team, test: Test::AnyOf(ids) }]) | (Scope::Teams(ids), []) => {
                if let Some(team) = one(ids) {
                    self.read(Owners::Teams(Some(team)), &mut keep).await?;
                }
            }
            (Scope::All, [Filter { dimension: Dimension::Rep, test: Test::AnyOf(ids) }]) | (Scope::Reps(ids), [])
                if one(ids).is_some() =>
            {
                keep("", &BTreeSet::new(), of_reps.clone())?;
            }
            _ => {}
        }
        own.retain(|_, aims: &mut Aims| !aims.is_empty());
        let of_reps = HashMap::from([(String::new(), of_reps)]);
        Ok(self.targets(own, of_reps.into_iter().filter(|(_, aims)| !aims.is_empty()).collect()))
    }

    fn targets(&self, own: HashMap<String, Aims>, of_reps: HashMap<String, Aims>) -> Targets {
        Targets { buckets: self.buckets().len(), own, of_reps }
    }

    /// The buckets, and the whole period where there are several.
    fn buckets(&self) -> Vec<Bucket> {
        let several = self.timeline.buckets.len() > 1;
        let whole = several.then(|| self.timeline.whole().buckets).unwrap_or_default();
        self.timeline.buckets.iter().cloned().chain(whole).collect()
    }

    /// Adds the targets of a rep to a sum, for KPIs that add up over reps.
    fn add(&self, sum: &mut Aims, aims: &Aims) -> Result<()> {
        sum.resize(aims.len(), None);
        let buckets = aims.len() / self.question.kpis.len().max(1);
        for ((kpi, sum), aims) in self.question.kpis.iter().zip(sum.chunks_mut(buckets)).zip(aims.chunks(buckets)) {
            for (sum, aim) in sum.iter_mut().zip(aims).filter(|_| kpi.adds_up_over_reps()) {
                if let Some(aim) = aim {
                    let overflow = || Error::Overflow(format!("the sum of the targets of {}", kpi.id));
                    *sum = Some(sum.unwrap_or_default().checked_add(*aim).ok_or_else(overflow)?);
                }
            }
        }
        Ok(())
    }

    /// Reads the targets of some owners, one after another, and hands over what they aim at.
    async fn read(
        &self,
        owners: Owners<'_>,
        take: &mut (dyn FnMut(&str, &BTreeSet<String>, Aims) -> Result<()> + Send),
    ) -> Result<()> {
        let dialect = Dialect::from(ConnectionTrait::get_database_backend(self.snapshot));
        let mut rows = self.snapshot.stream_raw(dialect.statement(&self.select(dialect, &owners))).await?;
        let mut owner = String::new();
        let mut teams = BTreeSet::new();
        let mut stored: Vec<Stored> = vec![Stored::new(); self.question.kpis.len()];
        let mut any = false;
        while let Some(row) = rows.try_next().await? {
            let (next, team): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            if any && next != owner {
                take(&owner, &teams, self.aims(&stored)?)?;
                teams.clear();
                stored.iter_mut().for_each(Stored::clear);
            }
            (any, owner) = (true, next);
            teams.insert(team);
            let kpi: String = row.try_get_by_index(2)?;
            if let Some(&kpi) = self.kpis.get(kpi.as_str()) {
                let target = Target::of(&row)?;
                stored[kpi].insert(target.id.clone(), target);
            }
        }
        if any {
            take(&owner, &teams, self.aims(&stored)?)?;
        }
        Ok(())
    }

    /// Owner, team of a rep, and the target, in the order of owners.
    fn select(&self, dialect: Dialect, owners: &Owners<'_>) -> SelectStatement {
        let source = targets();
        let mut writer = Writer::new(dialect, &[], None, None);
        let mut select = Query::select();
        let column = |writer: &mut Writer<'_>, column: C| writer.column(column.into());
        let text = |expr: Expr| Expr::from(Func::coalesce([expr, Expr::val("")]));
        let (rep, team) = (text(column(&mut writer, C::RepId)), text(column(&mut writer, C::TeamId)));
        let mut by_team = None;
        let owner = match owners {
            Owners::Reps { by_team: wanted, range } => {
                select.and_where(rep.clone().ne(""));
                for filter in &self.question.filters {
                    select.cond_where(Cond::all().add_option(writer.filter(source, filter)));
                }
                select.cond_where(Cond::all().add_option(writer.scope(source, &self.question.scope)));
                for bound in writer.within(source.rep, range) {
                    select.and_where(bound);
                }
                by_team = source.path(Dimension::Team).filter(|_| *wanted);
                rep.clone()
            }
            Owners::Teams(one) => {
                select.and_where(rep.clone().eq("")).and_where(team.clone().ne(""));
                let own = team_targets();
                match one {
                    Some(id) => _ = select.and_where(team.clone().eq(*id)),
                    None => {
                        for filter in &self.question.filters {
                            select.cond_where(Cond::all().add_option(writer.filter(own, filter)));
                        }
                        select.cond_where(Cond::all().add_option(writer.scope(own, &self.question.scope)));
                    }
                }
                team.clone()
            }
            Owners::Company => {
                select.and_where(rep.clone().eq("")).and_where(team.clone().eq(""));
                Expr::val("")
            }
        };
        let in_team = match by_team {
            Some(_) => writer.key(source, Dimension::Team),
            None => None,
        };
        select.expr(dialect.bytes(owner)).expr(in_team.unwrap_or(Expr::val("")));
        for field in [C::KpiId, C::Id, C::FirstDate, C::LastDate, C::Value] {
            select.expr(column(&mut writer, field));
        }
        select.expr(text(column(&mut writer, C::Currency)));
        self.narrow(&mut select);
        writer.from(source, by_team, &mut select);
        select.order_by_expr(Expr::cust("1"), sea_orm::Order::Asc);
        select
    }

    fn aims(&self, stored: &[Stored]) -> Result<Aims> {
        let buckets = self.buckets();
        let mut aims = Vec::with_capacity(stored.len() * buckets.len());
        for (kpi, stored) in self.question.kpis.iter().zip(stored) {
            let stored: Vec<&Target> = stored.values().collect();
            for bucket in &buckets {
                aims.push(match kpi.kind {
                    Kind::Flow => self.sum(kpi, &stored, bucket)?,
                    _ => self.in_force(kpi, &stored, bucket)?,
                });
            }
        }
        Ok(aims)
    }

    /// The sum of the targets that make up a bucket without gap or overlap: of the fewest, where there are several ways.
    fn sum(&self, kpi: &Kpi, stored: &[&Target], bucket: &Bucket) -> Result<Option<Decimal>> {
        let mut inside: Vec<&Target> =
            stored.iter().copied().filter(|t| t.first >= bucket.first && t.last <= bucket.last).collect();
        inside.sort_by(|one, other| (one.first, other.last, &other.id).cmp(&(other.first, one.last, &one.id)));
        // By the day that they reach up to: how many targets, and what they add up to.
        let mut reached = BTreeMap::from([(bucket.first, (0_u32, Decimal::ZERO))]);
        for target in inside {
            let (Some(&(count, sum)), Some(next)) = (reached.get(&target.first), target.last.succ_opt()) else {
                continue;
            };
            if reached.get(&next).is_none_or(|(fewest, _)| *fewest > count + 1) {
                let value = self.value(kpi, target, target.first)?;
                let overflow = || Error::Overflow(format!("the target of {}", kpi.id));
                reached.insert(next, (count + 1, sum.checked_add(value).ok_or_else(overflow)?));
            }
        }
        let end = bucket.last.succ_opt();
        Ok(end.and_then(|end| reached.get(&end)).map(|(_, sum)| *sum))
    }

    /// The target on the last day of a bucket, all of whose days have one: the one that began last.
    fn in_force(&self, kpi: &Kpi, stored: &[&Target], bucket: &Bucket) -> Result<Option<Decimal>> {
        let mut sorted: Vec<&Target> = stored.to_vec();
        sorted.sort_by_key(|target| target.first);
        let mut covered = Some(bucket.first);
        for target in &sorted {
            if covered.is_some_and(|day| target.first <= day && target.last >= day) {
                covered = target.last.succ_opt();
            }
        }
        if covered.is_some_and(|day| day <= bucket.last) {
            return Ok(None);
        }
        let on_last_day = sorted.into_iter().filter(|t| t.first <= bucket.last && t.last >= bucket.last);
        let latest =
            on_last_day.max_by(|one, other| (one.first, other.last, &other.id).cmp(&(other.first, one.last, &one.id)));
        latest.map(|target| self.value(kpi, target, bucket.last)).transpose()
    }

    /// A target in the currency of the answer, with the rate of a day.
    fn value(&self, kpi: &Kpi, target: &Target, day: NaiveDate) -> Result<Decimal> {
        match &self.rates {
            Some(rates) if kpi.unit == Unit::Currency => rates.convert_units(target.value, &target.currency, day),
            _ => Ok(target.value),
        }
    }
}

impl Target {
    /// A row of the statement.
    fn of(row: &QueryResult) -> Result<Self> {
        let (id, value): (String, String) = (row.try_get_by_index(3)?, row.try_get_by_index(6)?);
        let value = value.parse().map_err(|_| Error::BadStoredData(format!("the target {id} has no decimal value")))?;
        let (first, last) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
        Ok(Self { id, first, last, value, currency: row.try_get_by_index(7)? })
    }
}

/// Targets by the rep that they are for.
fn targets() -> &'static Source {
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "targets",
        table: Column::from(C::Id).table,
        joins: vec![Join { from: C::RepId.into(), to: reps::Column::Id.into() }],
        rep: C::RepId.into(),
        currency: None,
        paths: vec![(Dimension::Rep, C::RepId.into()), (Dimension::Team, reps::Column::TeamId.into())],
    });
    &SOURCE
}

/// Targets by the team that they are for.
fn team_targets() -> &'static Source {
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "team_targets",
        paths: vec![(Dimension::Team, C::TeamId.into())],
        joins: Vec::new(),
        ..*targets()
    });
    &SOURCE
}
