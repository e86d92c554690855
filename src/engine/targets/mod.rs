//! What values were meant to be: targets of reps, of teams and of the company.

mod read;
mod resolve;

use super::question::{Filter, Question, Scope, Test};
use super::rates::Rates;
use super::sql::KeyRange;
use crate::catalog::{Dimension, Kpi, Unit};
use crate::crm::targets::Column as C;
use crate::database::{Snapshot, time};
use crate::error::{Error, Result};
use crate::period::{Bucket, Timeline};
use chrono::NaiveDate;
use read::{Owners, targets};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeSet, HashMap};

/// The targets of every KPI at every bucket, KPI by KPI.
type Aims = Vec<Aim>;

/// The target of a KPI at a bucket.
#[derive(Clone, Copy, Debug, Default)]
struct Aim {
    /// What the bucket has as a whole; none where targets cover it only in part.
    whole: Option<Decimal>,
    /// What it has at all, also where targets cover it only in part: someone's who joined within it.
    any: Option<Decimal>,
}

/// Takes an owner, the teams that a rep is in, and what the owner aims at.
type Take<'a> = dyn FnMut(&str, &BTreeSet<String>, Aims) -> Result<()> + Send + 'a;

/// The targets of a question's rows, or of its totals.
#[derive(Debug, Default)]
pub(super) struct Targets {
    buckets: usize,
    /// Own targets by rep or team; by the empty text for everything.
    own: HashMap<String, Aims>,
    /// The sums of reps' targets by team; by the empty text for everything.
    of_reps: HashMap<String, Aims>,
}

impl Targets {
    /// The own target of a row, and the sum of its reps'.
    pub fn of(&self, key: &[String], kpi: usize, bucket: usize) -> (Option<Decimal>, Option<Decimal>) {
        let key = key.first().map_or("", String::as_str);
        let at = |aims: &HashMap<String, Aims>| {
            aims.get(key).and_then(|aims| aims.get(kpi * self.buckets + bucket)).copied()
        };
        (at(&self.own).and_then(|aim| aim.whole), at(&self.of_reps).and_then(|aim| aim.any))
    }
}

/// Reads the targets of a question.
pub(super) struct Aiming<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    timeline: &'a Timeline,
    /// The KPIs of the question whose targets are read, by their ids.
    kpis: HashMap<&'static str, usize>,
    rates: Option<Rates>,
    /// The buckets, and the whole period where there are several.
    buckets: Vec<Bucket>,
}

impl<'a> Aiming<'a> {
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
        let mut aiming = Self { snapshot, question, timeline, kpis, rates: None, buckets };
        aiming.rates = aiming.load_rates().await?;
        Ok(Some(aiming))
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
        let mut of_reps = Aims::new();
        let everyone = KeyRange::default();
        let owners = Owners::Reps { by_team: false, range: &everyone };
        self.read(owners, &mut |_, _, aims| {
            self.add(&mut of_reps, &aims)?;
            if of_one_rep {
                own.insert(String::new(), aims);
            }
            Ok(())
        })
        .await?;
        let mut keep = |_: &str, _: &BTreeSet<String>, aims| {
            own.insert(String::new(), aims);
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

    fn targets(&self, own: HashMap<String, Aims>, of_reps: HashMap<String, Aims>) -> Targets {
        Targets { buckets: self.buckets.len(), own, of_reps }
    }

    /// Adds the targets of a rep to a sum, for KPIs that add up over reps.
    fn add(&self, sum: &mut Aims, aims: &Aims) -> Result<()> {
        sum.resize(aims.len(), Aim::default());
        let buckets = aims.len() / self.question.kpis.len().max(1);
        for ((kpi, sum), aims) in self.question.kpis.iter().zip(sum.chunks_mut(buckets)).zip(aims.chunks(buckets)) {
            for (sum, aim) in sum.iter_mut().zip(aims).filter(|_| kpi.adds_up_over_reps()) {
                if let Some(aim) = aim.any {
                    let overflow = || Error::Overflow(format!("the sum of the targets of {}", kpi.id));
                    sum.any = Some(sum.any.unwrap_or_default().checked_add(aim).ok_or_else(overflow)?);
                }
            }
        }
        Ok(())
    }
}
