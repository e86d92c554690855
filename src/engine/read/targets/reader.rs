//! Reads the targets of a question's rows and totals, one owner after another.

use super::employment::Employment;
use super::resolve::Resolver;
use super::statement::{Owners, Stored, Target, select, targets};
use super::subject::{Member, Owner, Whole};
use super::values::{ByOwner, TargetValue, TargetValues, Targets};
use crate::catalog::{Kpi, Unit};
use crate::crm::targets::Column as C;
use crate::database::{Snapshot, time};
use crate::engine::model::{KeyRange, NoTarget, Question};
use crate::engine::read::rates::Rates;
use crate::error::{Error, Result};
use crate::period::Timeline;
use crate::scope::Scope;
use chrono::NaiveDate;
use futures::TryStreamExt;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use std::collections::{BTreeSet, HashMap};

/// Takes an owner, a member, the teams that a rep is in, and the targets.
type Take<'a> = dyn FnMut(&str, &str, &BTreeSet<String>, TargetValues) -> Result<()> + Send + 'a;

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
    /// None where the question asks for no targets.
    pub async fn new(snapshot: &'a Snapshot, question: &'a Question, timeline: &'a Timeline) -> Result<Option<Self>> {
        if !question.include_targets {
            return Ok(None);
        }
        let kpis = question.kpis.iter().enumerate().filter(|(_, kpi)| !of_own_currency(question, kpi));
        let kpis = kpis.map(|(place, kpi)| (kpi.id, place)).collect();
        let mut buckets = timeline.buckets.clone();
        if buckets.len() > 1 {
            buckets.extend(timeline.whole().buckets);
        }
        let resolver = Resolver { kpis: &question.kpis, buckets, rates: None, needs_rates: question.require_rates };
        let mut reader = Self { snapshot, question, timeline, kpis, resolver };
        if Member::of_rows(question).or(Member::of_totals(question)).is_some() {
            reader.resolver.rates = reader.load_rates().await?;
        }
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

    /// Reads the targets of some owners and members, one after another, and hands them over.
    async fn read(&self, owners: Owners<'_>, member: Member<'_>, take: &mut Take<'_>) -> Result<()> {
        let dialect = self.snapshot.dialect();
        let mut select = select((dialect, self.snapshot.days()), (self.question, self.timeline), &owners, member);
        self.narrow(&mut select);
        let mut rows = self.snapshot.stream(dialect.statement(&select));
        let mut of: Option<(String, String)> = None;
        let mut teams = BTreeSet::new();
        let mut employment = Employment::default();
        let mut stored: Vec<Stored> = vec![Stored::new(); self.question.kpis.len()];
        while let Some(row) = rows.try_next().await? {
            let next: (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            if let Some((owner, member)) = of.as_ref().filter(|of| **of != next) {
                take(owner, member, &teams, self.resolver.values(&stored, employment)?)?;
                teams.clear();
                stored.iter_mut().for_each(Stored::clear);
            }
            of = Some(next);
            teams.insert(row.try_get_by_index(2)?);
            if let Owners::Reps { .. } = owners {
                employment = Employment::of_row(&row)?;
            }
            let kpi: String = row.try_get_by_index(3)?;
            if let Some(&kpi) = self.kpis.get(kpi.as_str()) {
                let target = Target::of(&row)?;
                stored[kpi].insert(target.id.clone(), target);
            }
        }
        if let Some((owner, member)) = of {
            take(&owner, &member, &teams, self.resolver.values(&stored, employment)?)?;
        }
        Ok(())
    }

    /// The targets of the question's rows, of reps in a range.
    pub async fn of_rows(&self, range: &KeyRange) -> Result<Targets> {
        let owner = Owner::of_rows(self.question);
        let Some(member) = Member::of_rows(self.question) else { return Ok(self.none()) };
        let mut targets = Targets { owner: owner.place(), member: member.place(), ..self.none() };
        match owner {
            Owner::Everything => self.of_everything(member, &mut targets).await?,
            Owner::Rep(_) => {
                targets.absent = NoTarget::NotSet;
                let owners = Owners::Reps { by_team: false, range };
                self.read(owners, member, &mut |rep, member, _, values| {
                    put(&mut targets.own, rep, member, values);
                    Ok(())
                })
                .await?;
            }
            Owner::Team(_) => {
                if self.question.rolls_up() {
                    targets.absent = NoTarget::NotSet;
                    self.read(Owners::Teams(None), member, &mut |team, member, _, values| {
                        put(&mut targets.own, team, member, values);
                        Ok(())
                    })
                    .await?;
                }
                let owners = Owners::Reps { by_team: true, range };
                self.read(owners, member, &mut |_, member, teams, values| {
                    teams.iter().try_for_each(|team| self.add(&mut targets.of_reps, team, member, &values))
                })
                .await?;
            }
        }
        Ok(targets)
    }

    /// The targets of everything together: the company's own, or that of the one team or rep that the question is about.
    pub async fn of_totals(&self) -> Result<Targets> {
        let mut targets = self.none();
        if let Some(member) = Member::of_totals(self.question) {
            self.of_everything(member, &mut targets).await?;
        }
        Ok(targets)
    }

    async fn of_everything(&self, member: Member<'_>, targets: &mut Targets) -> Result<()> {
        let whole = Whole::of(self.question);
        if whole != Whole::Part {
            targets.absent = NoTarget::NotSet;
        }
        let Targets { own, of_reps, .. } = targets;
        let everyone = KeyRange::default();
        let owners = Owners::Reps { by_team: false, range: &everyone };
        self.read(owners, member, &mut |_, member, _, values| {
            self.add(of_reps, "", member, &values)?;
            if whole == Whole::Rep {
                put(own, "", member, values);
            }
            Ok(())
        })
        .await?;
        let owners = match whole {
            Whole::Company => Owners::Company,
            Whole::Team(team) => Owners::Teams(Some(team)),
            Whole::Rep | Whole::Part => return Ok(()),
        };
        self.read(owners, member, &mut |_, member, _, values| {
            put(own, "", member, values);
            Ok(())
        })
        .await
    }

    /// Of rows that have none.
    fn none(&self) -> Targets {
        let read = |kpi: &&'static Kpi| self.kpis.contains_key(kpi.id);
        Targets {
            buckets: self.resolver.buckets.len(),
            owner: None,
            member: None,
            own: ByOwner::new(),
            of_reps: ByOwner::new(),
            absent: NoTarget::OtherRows,
            read: self.question.kpis.iter().map(read).collect(),
        }
    }

    /// Adds the targets of a rep to the sum of an owner, for KPIs that add up over reps.
    fn add(&self, sums: &mut ByOwner, owner: &str, member: &str, values: &TargetValues) -> Result<()> {
        let sum = sums.entry(owner.to_owned()).or_default().entry(member.to_owned()).or_default();
        sum.resize(values.len(), TargetValue::default());
        let buckets = values.len() / self.question.kpis.len().max(1);
        for ((kpi, sum), values) in self.question.kpis.iter().zip(sum.chunks_mut(buckets)).zip(values.chunks(buckets)) {
            for (sum, target) in sum.iter_mut().zip(values).filter(|_| kpi.adds_up_over_reps()) {
                let overflow = || Error::Overflow(format!("the sum of the targets of {}", kpi.id));
                sum.any = match (sum.any, target.any) {
                    (Some(Ok(sum)), Some(Ok(target))) => Some(Ok(sum.checked_add(target).ok_or_else(overflow)?)),
                    (missing @ Some(Err(_)), _) | (_, missing @ Some(Err(_))) => missing,
                    (sum, target) => sum.or(target),
                };
            }
        }
        Ok(())
    }
}

fn put(targets: &mut ByOwner, owner: &str, member: &str, values: TargetValues) {
    targets.entry(owner.to_owned()).or_default().insert(member.to_owned(), values);
}

/// Amounts of rows that are each in their own currency have no targets.
fn of_own_currency(question: &Question, kpi: &Kpi) -> bool {
    question.own_currency && kpi.unit == Unit::Currency
}
