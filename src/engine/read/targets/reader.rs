//! Reads the targets of a question's rows and totals, one owner after another.

use super::resolve::Resolver;
use super::statement::{Owners, Stored, Target, select, targets};
use super::values::{TargetValue, TargetValues, Targets};
use crate::catalog::{Dimension, Kpi, Unit};
use crate::crm::targets::Column as C;
use crate::database::{Snapshot, time};
use crate::engine::model::{Filter, KeyRange, Question, Test};
use crate::engine::read::rates::Rates;
use crate::error::{Error, Result};
use crate::period::Timeline;
use crate::scope::Scope;
use chrono::NaiveDate;
use futures::TryStreamExt;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use std::collections::{BTreeSet, HashMap};

/// Takes an owner, the teams that a rep is in, and the owner's targets.
type Take<'a> = dyn FnMut(&str, &BTreeSet<String>, TargetValues) -> Result<()> + Send + 'a;

/// Reads the targets of a question.
pub(crate) struct TargetReader<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    timeline: &'a Timeline,
    /// The KPIs of the question whose targets are read, by their ids.
    kpis: HashMap<&'static str, usize>,
    resolver: Resolver<'a>,
}

impl<'a> TargetReader<'a> {
    /// None where the question has no targets: those of reps, teams and the company are for all that these do, whatever
    /// else it filters by.
    pub async fn new(snapshot: &'a Snapshot, question: &'a Question, timeline: &'a Timeline) -> Result<Option<Self>> {
        let owners = |filter: &Filter| matches!(filter.dimension, Dimension::Rep | Dimension::Team);
        if !question.include_targets || !question.filters.iter().all(owners) {
            return Ok(None);
        }
        let of_own_currency = |kpi: &Kpi| question.own_currency && kpi.unit == Unit::Currency;
        let kpis = question.kpis.iter().enumerate().filter(|(_, kpi)| !of_own_currency(kpi));
        let kpis = kpis.map(|(place, kpi)| (kpi.id, place)).collect();
        let mut buckets = timeline.buckets.clone();
        if buckets.len() > 1 {
            buckets.extend(timeline.whole().buckets);
        }
        let resolver = Resolver { kpis: &question.kpis, buckets, rates: None };
        let mut reader = Self { snapshot, question, timeline, kpis, resolver };
        reader.resolver.rates = reader.load_rates().await?;
        Ok(Some(reader))
    }

    /// The rates of the targets that are of another currency, if there are any.
    async fn load_rates(&self) -> Result<Option<Rates>> {
        let mut select = Query::select();
        select.expr(Expr::col(C::FirstDate).min()).from(targets().table);
        self.narrow(&mut select);
        let (scope, dialect) = (&self.question.scope, self.snapshot.dialect());
        if let Some(of_rep) = scope.shows_rep(dialect, Expr::col((targets().table, C::RepId))) {
            let of_team = scope.shows_team(dialect, Expr::col((targets().table, C::TeamId)));
            let shown = of_team.filter(|_| matches!(scope, Scope::Teams(_))).into_iter().fold(of_rep, Expr::or);
            select.and_where(shown).with_cte(scope.tables(dialect));
        }
        let currency = self.question.currency;
        select.and_where(Expr::col(C::Currency).ne(currency.code()).and(Expr::col(C::Currency).ne("")));
        let statement = dialect.statement(&select);
        let row = self.snapshot.one(statement).await?;
        let bad = |error| Error::BadStoredData(format!("the least targets.first_date {error}"));
        let first: Option<NaiveDate> = row.map(|row| time(&row, 0)).transpose().map_err(bad)?.flatten();
        let Some(first) = first else { return Ok(None) };
        let (calendar, until) = (&self.timeline.calendar, self.timeline.last());
        Ok(Some(Rates::load(self.snapshot, currency, calendar, (Ord::min(first, until), until)).await?))
    }

    /// Only targets of the question's KPIs that reach into its period.
    fn narrow(&self, select: &mut SelectStatement) {
        let column = |column: C| Expr::col((targets().table, column));
        select
            .and_where(self.snapshot.dialect().one_of(column(C::KpiId), self.kpis.keys().copied()))
            .and_where(column(C::FirstDate).lte(self.timeline.last()))
            .and_where(column(C::LastDate).gte(self.timeline.first()))
            .and_where(column(C::FirstDate).lte(column(C::LastDate)));
    }

    /// Reads the targets of some owners, one after another, and hands them over.
    async fn read(&self, owners: Owners<'_>, take: &mut Take<'_>) -> Result<()> {
        let dialect = self.snapshot.dialect();
        let mut select = select(dialect, self.question, &owners);
        self.narrow(&mut select);
        let mut rows = self.snapshot.stream(dialect.statement(&select));
        let mut owner = String::new();
        let mut teams = BTreeSet::new();
        let mut stored: Vec<Stored> = vec![Stored::new(); self.question.kpis.len()];
        let mut any = false;
        while let Some(row) = rows.try_next().await? {
            let (next, team): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            if any && next != owner {
                take(&owner, &teams, self.resolver.values(&stored)?)?;
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
            take(&owner, &teams, self.resolver.values(&stored)?)?;
        }
        Ok(())
    }

    /// The targets of the question's rows, of reps in a range. A row has some where it stands for a rep, a team or all.
    pub async fn of_rows(&self, range: &KeyRange) -> Result<Targets> {
        match self.question.group_by.as_slice() {
            [] => self.of_totals().await,
            [Dimension::Rep] => {
                let mut own = HashMap::new();
                let owners = Owners::Reps { by_team: false, range };
                self.read(owners, &mut |rep, _, values| {
                    own.insert(rep.to_owned(), values);
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
                    self.read(Owners::Teams(None), &mut |team, _, values| {
                        own.insert(team.to_owned(), values);
                        Ok(())
                    })
                    .await?;
                }
                let mut of_reps = HashMap::new();
                let owners = Owners::Reps { by_team: true, range };
                self.read(owners, &mut |_, teams, values| {
                    teams.iter().try_for_each(|team| self.add(of_reps.entry(team.clone()).or_default(), &values))
                })
                .await?;
                Ok(self.targets(own, of_reps))
            }
            _ => Ok(self.targets(HashMap::new(), HashMap::new())),
        }
    }

    /// The targets of everything together: the company's own, or that of the one team or rep that the question is about.
    pub async fn of_totals(&self) -> Result<Targets> {
        let one = |ids: &'a [String]| <&[String; 1]>::try_from(ids).ok().map(|[id]| id.as_str());
        let only = |scope: &'a Scope| {
            let ids = scope.ids();
            ids.first().copied().filter(|_| ids.len() == 1)
        };
        let scope = &self.question.scope;
        let mut own = HashMap::new();
        let of_one_rep = match (scope, self.question.filters.as_slice()) {
            (_, [Filter { dimension: Dimension::Rep, test: Test::AnyOf(ids) }]) => one(ids).is_some(),
            (Scope::Reps(_), []) => only(scope).is_some(),
            _ => false,
        };
        let mut of_reps = TargetValues::new();
        let everyone = KeyRange::default();
        let owners = Owners::Reps { by_team: false, range: &everyone };
        self.read(owners, &mut |_, _, values| {
            self.add(&mut of_reps, &values)?;
            if of_one_rep {
                own.insert(String::new(), values);
            }
            Ok(())
        })
        .await?;
        let mut keep = |_: &str, _: &BTreeSet<String>, values| {
            own.insert(String::new(), values);
            Ok(())
        };
        let team = match (scope, self.question.filters.as_slice()) {
            (Scope::All, []) => {
                self.read(Owners::Company, &mut keep).await?;
                None
            }
            (Scope::Teams(_), []) => only(scope),
            (Scope::All | Scope::Teams(_), [Filter { dimension: Dimension::Team, test: Test::AnyOf(ids) }]) => one(ids),
            _ => None,
        };
        if team.is_some() {
            self.read(Owners::Teams(team), &mut keep).await?;
        }
        let of_reps = HashMap::from([(String::new(), of_reps)]);
        Ok(self.targets(own, of_reps))
    }

    fn targets(&self, own: HashMap<String, TargetValues>, of_reps: HashMap<String, TargetValues>) -> Targets {
        Targets { buckets: self.resolver.buckets.len(), own, of_reps }
    }

    /// Adds the targets of a rep to a sum, for KPIs that add up over reps.
    fn add(&self, sum: &mut TargetValues, values: &TargetValues) -> Result<()> {
        sum.resize(values.len(), TargetValue::default());
        let buckets = values.len() / self.question.kpis.len().max(1);
        for ((kpi, sum), values) in self.question.kpis.iter().zip(sum.chunks_mut(buckets)).zip(values.chunks(buckets)) {
            for (sum, target) in sum.iter_mut().zip(values).filter(|_| kpi.adds_up_over_reps()) {
                if let Some(target) = target.any {
                    let overflow = || Error::Overflow(format!("the sum of the targets of {}", kpi.id));
                    sum.any = Some(sum.any.unwrap_or_default().checked_add(target).ok_or_else(overflow)?);
                }
            }
        }
        Ok(())
    }
}
