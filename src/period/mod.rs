//! Dates, calendars, grains and buckets. Pure: knows no database, and the clock is an argument.

mod calendar;
mod grain;
mod timeline;

pub use calendar::Calendar;
pub use grain::Grain;
pub use timeline::{Bucket, MAX_BUCKETS, Period, PeriodError, Timeline};
