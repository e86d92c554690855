use crate::database::precision::Precision;
use sea_orm::sea_query::Expr;

/// Days and instants in SQL.
pub trait TimeSql {
    /// Whole milliseconds from one instant to another.
    fn milliseconds(&self, from: Expr, until: Expr) -> Expr;

    /// Whole seconds since 1970.
    fn unix_seconds(&self, at: Expr) -> Expr;

    /// An instant that is unset.
    fn no_instant(&self) -> Expr;

    /// The earlier of two instants; unset where one of them is.
    fn earlier(&self, first: Expr, second: Expr) -> Expr;

    /// The later of two instants; unset where one of them is.
    fn later(&self, first: Expr, second: Expr) -> Expr;

    /// The instant so many times 24 hours later. What is not in the years 1 to 9999 stays where it is.
    fn days_after(&self, at: Expr, days: Expr) -> Expr;

    /// An instant as RFC 3339 in UTC, with the decimals of its second that it is stored with; outside the years 1 to 9999
    /// as the database writes it.
    fn instant_as_text(&self, at: Expr) -> Expr;

    /// The calendar day of an instant in UTC.
    fn utc_day(&self, at: Expr) -> Expr;

    /// Days from 1 January 1970 to the day that a column of days holds, a 64-bit integer; what is outside the years 1 to 9999
    /// is the first or last day of them.
    fn day_number(&self, day: Expr, precision: Precision) -> Expr;

    /// The day that a column of days holds, to be compared with one that is stored in the same way.
    fn plain_day(&self, day: Expr) -> Expr;

    /// A day as `YYYY-MM-DD`.
    fn day_as_text(&self, day: Expr) -> Expr;

    /// Whether an instant lies in the years 1 to 9999, and on SQLite is one at all; unset where it is.
    fn is_instant_in_range(&self, at: Expr) -> Expr;

    /// Whether a day lies in the years 1 to 9999, and on SQLite is one at all; unset where it is.
    fn is_day_in_range(&self, day: Expr) -> Expr;
}
