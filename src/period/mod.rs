//! Dates, calendars, grains, buckets and the periods that they are compared with. Pure: knows no database, and the clock is
//! an argument.

/// Time zones, and when days begin in them.
mod calendar;
/// What a period is compared with.
mod comparison;
/// Where buckets begin, and the same moved to other years and periods.
mod edges;
/// Days, weeks, months, quarters and years.
mod grain;
/// When periods are seen.
mod now;
/// Periods as callers ask for them, resolved to days and cut into buckets.
mod resolve;
/// Months of the Gregorian and the Solar Hijri calendar.
mod system;
#[cfg(test)]
mod tests;
/// Periods cut into buckets.
mod timeline;

pub use calendar::Calendar;
pub use comparison::{Compared, Comparison};
pub use edges::Edge;
pub use grain::Grain;
pub use now::Now;
pub use resolve::{Period, PeriodError};
pub use system::{Month, System};
pub use timeline::{Bucket, Length, MAX_BUCKETS, Timeline};
