use super::column::Column;
use super::condition::Condition;
use super::dimension::Dimension;
use crate::crm::{self, accounts, campaigns, reps, sources};

/// A fact table and the joins that lead from it to its dimensions.
#[derive(Debug)]
pub struct Source {
    /// Its name, unique in the catalogue.
    pub name: &'static str,
    /// The fact table.
    pub table: &'static str,
    /// Outer joins, each after those that it needs; only those are made that a scan uses a column of.
    pub joins: Vec<Join>,
    /// Who a row is credited to.
    pub rep: Column,
    /// The currency of its amounts.
    pub currency: Option<Column>,
    /// The dimensions that it reaches, as the column that holds the key.
    pub paths: Vec<(Dimension, Column)>,
    /// Some of its facts belong to others.
    pub belonging: Option<Belonging>,
}

/// Facts that belong to another one of their table, as a refund does to its order: they are what that one is. When they happen
/// and what they amount to, they say themselves.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// The column with the other one's key; unset or empty: a fact of its own.
    pub to: Column,
    /// What the other one says of both, where it says anything.
    pub said_by_other: Vec<Column>,
    /// What the other one says only where a fact does not say it itself: texts.
    pub said_by_either: Vec<Column>,
}

impl Belonging {
    /// A fact belongs to no other.
    pub fn to_none(&self) -> Condition {
        self.to_other().negated()
    }

    /// A fact belongs to another.
    pub fn to_other(&self) -> Condition {
        Condition::not_empty(self.to)
    }

    /// Whether a column may say something of another one's facts.
    pub fn shares(&self, column: Column) -> bool {
        self.said_by_other.contains(&column) || self.said_by_either.contains(&column)
    }
}

/// An outer join.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The column of a table that is there already.
    pub from: Column,
    /// The column of the table that is joined.
    pub to: Column,
}

/// Makes a source step by step. Joins follow from the references of columns, as the entities describe them.
impl Source {
    /// The facts of the table that this column is of, credited to the rep that it holds.
    pub(super) fn new(name: &'static str, rep: impl Into<Column>) -> Self {
        let rep = rep.into();
        Self { name, table: rep.table, joins: Vec::new(), rep, currency: None, paths: Vec::new(), belonging: None }
    }

    /// Its amounts are of the currency in this column.
    pub(super) fn currency(mut self, column: impl Into<Column>) -> Self {
        self.currency = Some(column.into());
        self
    }

    /// Facts with a key of another one in this column belong to that one: it says these columns of them, and whose they are where
    /// they do not.
    pub(super) fn belonging<C: Into<Column>>(mut self, to: C, said_by_other: impl IntoIterator<Item = C>) -> Self {
        let said_by_other = said_by_other.into_iter().map(Into::into).collect();
        self.belonging = Some(Belonging { to: to.into(), said_by_other, said_by_either: vec![self.rep] });
        self
    }

    /// Joins the table that a column refers to. Nothing is joined where it refers to none.
    pub(super) fn join(mut self, column: impl Into<Column>) -> Self {
        let from = column.into();
        self.joins.extend(
            crm::referenced(from.table, from.name).map(|table| Join { from, to: Column { table, name: "id" } }),
        );
        self
    }

    /// Joins the parts of each fact, by the column in which they refer to it.
    pub(super) fn parts(mut self, column: impl Into<Column>) -> Self {
        self.joins.push(Join { from: Column { table: self.table, name: "id" }, to: column.into() });
        self
    }

    /// A dimension whose key is in this column.
    pub(super) fn by(mut self, dimension: Dimension, column: impl Into<Column>) -> Self {
        self.paths.push((dimension, column.into()));
        self
    }

    /// The rep that a fact is credited to, and the rep's team.
    pub(super) fn by_rep(self) -> Self {
        let rep = self.rep;
        self.join(rep).by(Dimension::Rep, rep).by(Dimension::Team, reps::Column::TeamId)
    }

    /// The rep of a fact that knows no account: it goes by the segment and region that the rep serves.
    pub(super) fn by_serving_rep(self) -> Self {
        let rep = self.by_rep();
        rep.by(Dimension::Segment, reps::Column::Segment).by(Dimension::Region, reps::Column::Region)
    }

    /// An account and what it is like.
    pub(super) fn by_account(self, column: impl Into<Column>) -> Self {
        use accounts::Column as C;
        let column = column.into();
        let market = [C::Segment, C::Region, C::Industry, C::Country];
        self.join(column).by(Dimension::Account, column).by_market(market)
    }

    /// The market that a fact belongs to: segment, region, industry, country.
    pub(super) fn by_market<C: Into<Column>>(self, [segment, region, industry, country]: [C; 4]) -> Self {
        self.by(Dimension::Segment, segment)
            .by(Dimension::Region, region)
            .by(Dimension::Industry, industry)
            .by(Dimension::Country, country)
    }

    /// Where something came from.
    pub(super) fn by_source(self, column: impl Into<Column>) -> Self {
        let column = column.into();
        self.join(column).by(Dimension::Source, column).by(Dimension::SourceKind, sources::Column::Kind)
    }

    /// A campaign and what it goes through.
    pub(super) fn by_campaign(self, column: impl Into<Column>) -> Self {
        let column = column.into();
        self.join(column).by(Dimension::Campaign, column).by(Dimension::Channel, campaigns::Column::Channel)
    }
}

impl Source {
    /// The column that holds a dimension's key.
    pub fn path(&self, dimension: Dimension) -> Option<Column> {
        self.paths.iter().find(|(known, _)| *known == dimension).map(|(_, column)| *column)
    }

    /// The joins that lead to these tables, in an order that works.
    pub fn joins_to(&self, tables: impl IntoIterator<Item = &'static str>) -> Vec<Join> {
        let mut wanted: Vec<&str> = tables.into_iter().collect();
        let mut joins = Vec::new();
        for join in self.joins.iter().rev() {
            if wanted.contains(&join.to.table) {
                wanted.push(join.from.table);
                joins.push(*join);
            }
        }
        joins.reverse();
        joins
    }
}
