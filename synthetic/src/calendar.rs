use crate::dice::Dice;
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

/// Days since 1970-01-01.
pub(crate) type Day = i32;

/// Minutes since 1970-01-01, UTC.
pub(crate) type Minute = i64;

pub(crate) const MINUTES_A_DAY: i64 = 24 * 60;

/// Length of a working day in minutes.
pub(crate) const WORKING_MINUTES: i64 = 9 * 60;

/// Of the deals created in each of the months before some day, those that are still open on it, in per mille.
const OPEN: [i64; 13] = [780, 480, 290, 175, 105, 62, 37, 21, 12, 7, 4, 2, 1];

/// How many deals are created in a month, against the average, in per mille; from January.
const CREATION: [i64; 12] = [1090, 1050, 1060, 1020, 1020, 980, 880, 700, 1150, 1130, 1050, 760];

pub(crate) fn day_of(date: NaiveDate) -> Day {
    date.to_epoch_days()
}

pub(crate) fn date_of(day: Day) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or(NaiveDate::MAX)
}

pub(crate) fn midnight(day: Day) -> Minute {
    i64::from(day) * MINUTES_A_DAY
}

pub(crate) fn day_at(minute: Minute) -> Day {
    minute.div_euclid(MINUTES_A_DAY) as Day
}

pub(crate) fn instant(minute: Minute) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap_or_default()
}

/// The stretch of time that is filled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub first: Day,
    pub last: Day,
    /// Everything happens before it.
    pub end: Minute,
}

impl Span {
    /// A figure in per mille that grows by `yearly` per mille of its start every year, since the first day.
    pub fn grown(&self, day: Day, yearly: i64) -> i64 {
        1000 + yearly * i64::from(day - self.first) / 365
    }

    pub fn days(&self) -> i64 {
        i64::from(self.last - self.first) + 1
    }

    pub fn has(&self, at: Minute) -> bool {
        midnight(self.first) <= at && at < self.end
    }
}

/// How busy each day is: business grows, has its seasons, and of the time before the first day only what is still open on it
/// is known.
pub(crate) struct Season {
    first: Day,
    /// The sums of the days' weights up to each day; one more than there are days.
    sums: Vec<u64>,
}

impl Season {
    /// Deals created so long before the first day may still be open on it.
    pub const BEFORE: Day = 30 * OPEN.len() as Day;

    pub fn new(span: &Span) -> Self {
        let first = span.first - Self::BEFORE;
        let mut sum = 0;
        let weights = (first..=span.last).map(|day| {
            let open = match usize::try_from((span.first - day - 1) / 30) {
                Ok(month) if day < span.first => OPEN.get(month).copied().unwrap_or(0),
                _ => 1000,
            };
            sum += (creation_permille(day) * span.grown(day, 130) / 1000 * open / 1000).unsigned_abs();
            sum
        });
        Self { first, sums: std::iter::once(0).chain(weights).collect() }
    }

    /// The sum of the weights before a day; an average working day weighs 1000.
    fn before(&self, day: Day) -> u64 {
        let place = usize::try_from(day - self.first).unwrap_or(0);
        self.sums.get(place).or(self.sums.last()).copied().unwrap_or(0)
    }

    /// What the days from one on weigh.
    pub fn weight_from(&self, day: Day) -> u64 {
        self.sums.last().copied().unwrap_or(0) - self.before(day)
    }

    /// Some day, not before `from`.
    pub fn day(&self, dice: &mut Dice, from: Day) -> Day {
        let sum = self.before(from) + dice.below(self.weight_from(from));
        self.first + self.sums.partition_point(|before| *before <= sum) as Day - 1
    }
}

/// Some minute of a working day that opens at that hour UTC.
pub(crate) fn working_time(dice: &mut Dice, day: Day, opening_hour: i64) -> Minute {
    midnight(day) + opening_hour * 60 + dice.between(0, WORKING_MINUTES - 1)
}

/// From 0 for Monday.
fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

pub(crate) fn is_weekend(day: Day) -> bool {
    weekday(day) >= 5
}

/// The Monday of the week.
pub(crate) fn week_start(day: Day) -> Day {
    day - weekday(day)
}

/// The working day that comes so many working days later.
pub(crate) fn working_days_after(day: Day, count: i64) -> Day {
    let mut day = day;
    for _ in 0..count {
        day += 1;
        while is_weekend(day) {
            day += 1;
        }
    }
    day
}

/// The calendar months from one day to before another: the days that each begins and the next begins, cut to the two.
pub(crate) fn months(from: Day, until: Day) -> Vec<(Day, Day)> {
    let mut months = Vec::new();
    let mut start = from;
    while start < until {
        let date = date_of(start);
        let first = date.with_day(1).unwrap_or(date);
        let next = first.checked_add_months(Months::new(1)).map_or(until, day_of).min(until);
        months.push((start, next));
        start = next;
    }
    months
}

/// Moves most weekend days to some day of the week before.
pub(crate) fn mostly_working_day(dice: &mut Dice, day: Day) -> Day {
    match weekday(day) {
        weekend @ 5.. if !dice.chance(100) => day - weekend + dice.between(0, 4) as Day,
        _ => day,
    }
}

/// How many deals are created on a day, against the average working day, in per mille.
pub(crate) fn creation_permille(day: Day) -> i64 {
    let month = CREATION[date_of(day).month0() as usize];
    if is_weekend(day) { month / 25 } else { month }
}

fn quarter_start(day: Day) -> Day {
    let date = date_of(day);
    NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1).map_or(day, day_of)
}

fn quarter_end(day: Day) -> Day {
    let date = date_of(day);
    let next = match date.month0() / 3 {
        3 => NaiveDate::from_ymd_opt(date.year() + 1, 1, 1),
        quarter => NaiveDate::from_ymd_opt(date.year(), 3 * quarter + 4, 1),
    };
    next.map_or(day, |next| day_of(next) - 1)
}

/// The day a deal closes that would have closed on `day` if all days were the same: quarter ends, the year's above all,
/// pull deals in, August pushes them out, and weekends close few.
pub(crate) fn closing_day(dice: &mut Dice, day: Day, won: bool) -> Day {
    let mut day = day;
    if date_of(day).month() == 8 && dice.chance(450) {
        day += dice.between(18, 40) as Day;
    }
    let end = quarter_end(day);
    let left = end - day;
    let year_end = date_of(end).month() == 12;
    let pull = match (won, year_end) {
        (true, true) => 560,
        (true, false) => 400,
        (false, _) => 140,
    };
    if (left <= 30 && dice.chance(pull)) || (left <= 62 && dice.chance(pull * 2 / 5)) {
        day = end - dice.between(0, 9).min(dice.between(0, 9)) as Day;
    } else if left >= 74 && dice.chance(pull / 2) {
        day = quarter_start(day) - 1 - dice.between(0, 6) as Day;
    }
    if won && date_of(day).month() == 12 && date_of(day).day() > 23 && dice.chance(500) {
        day -= dice.between(7, 14) as Day;
    }
    mostly_working_day(dice, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        day_of(text.parse().unwrap())
    }

    #[test]
    fn days_know_their_weekday_and_quarter() {
        assert_eq!(weekday(day("2026-11-16")), 0);
        assert!(is_weekend(day("2026-11-21")) && !is_weekend(day("2026-11-20")));
        assert_eq!(quarter_start(day("2026-12-31")), day("2026-10-01"));
        assert_eq!(quarter_end(day("2026-10-01")), day("2026-12-31"));
        assert_eq!(quarter_end(day("2024-03-31")), day("2024-03-31"));
        assert_eq!(day_at(midnight(-3)), -3);
    }

    #[test]
    fn months_and_working_days_are_those_of_the_calendar() {
        let cut = months(day("2026-01-20"), day("2026-03-05"));
        let expected = [("2026-01-20", "2026-02-01"), ("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-03-05")];
        assert_eq!(cut, expected.map(|(from, until)| (day(from), day(until))));
        assert_eq!(working_days_after(day("2026-11-20"), 1), day("2026-11-23"));
        assert_eq!(working_days_after(day("2026-11-21"), 6), day("2026-11-30"));
        assert_eq!(week_start(day("2026-11-22")), day("2026-11-16"));
    }

    #[test]
    fn more_happens_on_days_that_weigh_more() {
        let span = Span { first: day("2024-01-01"), last: day("2025-12-31"), end: midnight(day("2026-01-01")) };
        let season = Season::new(&span);
        let mut dice = Dice::new(1, "test", 0);
        let days: Vec<Day> = (0..20_000).map(|_| season.day(&mut dice, day("2023-06-01"))).collect();
        assert!(days.iter().all(|day| *day >= season.first && *day <= span.last));
        let within = |from: &str, until: &str| days.iter().filter(|at| (day(from)..day(until)).contains(at)).count();
        assert!(within("2024-08-01", "2024-09-01") < within("2024-09-01", "2024-10-01"));
        assert!(within("2024-01-01", "2025-01-01") < within("2025-01-01", "2026-01-01"));
        assert!(within("2023-10-01", "2023-11-01") < within("2023-12-01", "2024-01-01"));
        assert!(within("2023-12-01", "2024-01-01") < within("2024-12-01", "2025-01-01"));
        assert!(days.iter().filter(|day| is_weekend(**day)).count() < 800);
    }

    #[test]
    fn deals_close_at_quarter_ends_and_not_in_august() {
        let mut dice = Dice::new(1, "test", 0);
        let first = day("2024-01-01");
        let mut months = [0; 12];
        let mut last_ten_days = 0;
        for natural in (0..366).flat_map(|day| std::iter::repeat_n(first + day, 50)) {
            let day = closing_day(&mut dice, natural, true);
            months[date_of(day).month0() as usize] += 1;
            last_ten_days += i32::from(quarter_end(day) - day < 10);
        }
        assert!(months[7] < months[6] * 4 / 5 && months[11] > months[10] * 5 / 4, "{months:?}");
        assert!(last_ten_days > 366 * 50 / 5, "{last_ten_days}");
    }
}
