use super::either::{Either, either};
use super::postgres::copying::Copying;
use super::sqlite::inserting::Inserting;
use sea_orm::{DbErr, Value};

/// Rows on their way into a table: copied on PostgreSQL, inserted many at a time on SQLite. [`Sink::finish`] writes the last
/// of them; dropped before, the transaction is of no use.
pub struct Sink<'a> {
    columns: Vec<&'static str>,
    to: Destination<'a>,
    /// A column whose type cannot be written.
    unknown: Option<&'static str>,
}

/// How rows get into a table.
pub(super) type Destination<'a> = Either<Copying<'a>, Inserting<'a>>;

impl<'a> Sink<'a> {
    /// Begins to fill the columns of a table.
    pub(super) fn new(columns: Vec<&'static str>, to: Destination<'a>) -> Self {
        Self { columns, to, unknown: None }
    }

    /// Adds a row: a value for each column. It goes to the database with the next [`Sink::write`].
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        either!(&mut self.to, to => {
            for (column, value) in self.columns.iter().zip(row) {
                if !to.push(value) {
                    self.unknown = Some(column);
                }
            }
            to.end_row();
        });
    }

    /// Whether there is enough to be written.
    pub fn is_full(&self) -> bool {
        either!(&self.to, to => to.is_full())
    }

    /// Writes what was added.
    pub async fn write(&mut self) -> Result<(), DbErr> {
        if let Some(column) = &self.unknown {
            return Err(DbErr::Type(format!("{column} is of a type that cannot be loaded")));
        }
        either!(&mut self.to, to => to.write().await)
    }

    /// Writes the last rows.
    pub async fn finish(mut self) -> Result<(), DbErr> {
        self.write().await?;
        either!(self.to, to => to.finish().await)
    }
}
