use super::column::Column;
use super::condition::Condition;
use super::measure::{Aggregate, Amount, Reading};

/// What somebody has to fill for a measure to say anything: where nobody does, 0 would only seem to be a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Rows of a table.
    Rows(&'static str),
    /// Values in a column.
    Values(Column),
}

impl std::fmt::Display for Need {
    /// `orders`, or `orders.customer_order_number`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rows(table) => f.write_str(table),
            Self::Values(Column { table, name }) => write!(f, "{table}.{name}"),
        }
    }
}

impl Reading {
    /// Rows of the fact, and values in the columns that are added up, counted or compared with words, and in the one that the
    /// measure is told by. When something happened is not among them: that nobody has left yet is a figure.
    pub fn needed(&self) -> Vec<Need> {
        let mut needs = vec![Need::Rows(self.source.table)];
        let mut columns = Vec::new();
        match &self.aggregate {
            Aggregate::Count => {}
            Aggregate::Sum(amount) => of_amount(amount, &mut columns),
            Aggregate::Distinct(key) => columns.push(*key),
            Aggregate::Each(each) => each.amount.iter().for_each(|amount| of_amount(amount, &mut columns)),
        }
        of_condition(&self.when, &mut columns);
        columns.extend(self.told_by);
        for need in columns.into_iter().map(Need::Values) {
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
        needs
    }
}

/// Of amounts that stand in for one another no single one is needed.
fn of_amount(amount: &Amount, columns: &mut Vec<Column>) {
    match amount {
        Amount::Of(column) | Amount::Times(column, _) => columns.push(*column),
        Amount::Product(left, right) => columns.extend([*left, *right]),
        Amount::Between(from, until) => columns.extend([from, until].into_iter().filter_map(|end| end.column())),
        Amount::FirstSet(_) => {}
    }
}

fn of_condition(condition: &Condition, columns: &mut Vec<Column>) {
    match condition {
        Condition::OneOf(column, _) => columns.push(*column),
        Condition::All(all) | Condition::Any(all) => all.iter().for_each(|one| of_condition(one, columns)),
        // A text that is not empty. What else does not hold need not be told by anybody.
        Condition::Not(not) => {
            if let Condition::OneOf(column, values) = &**not
                && values.iter().all(|value| *value == "".into())
            {
                columns.push(*column);
            }
        }
        Condition::Own(_) | Condition::Always | Condition::Set(_) | Condition::Before(..) => {}
    }
}
