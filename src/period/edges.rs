use super::calendar::{Calendar, next_day};
use super::comparison::Comparison;
use super::grain::Grain;
use super::timeline::Timeline;
use chrono::{DateTime, NaiveDate, Utc};

/// Where a bucket begins, or the last one ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// The day: what is known to the day only is before it, or not.
    pub day: NaiveDate,
    /// Its first instant in the period's time zone.
    pub at: DateTime<Utc>,
}

impl Calendar {
    /// The edge that a day begins with.
    pub fn edge(&self, day: NaiveDate) -> Edge {
        Edge { day, at: self.start_of(day) }
    }
}

impl Timeline {
    /// Where buckets begin, then where the last ends: bucket `i` is from edge `i`, included, to edge `i + 1`, excluded.
    pub fn edges(&self) -> Vec<Edge> {
        let starts = self.buckets.iter().map(|bucket| bucket.first);
        starts.chain([next_day(self.last())]).map(|day| self.calendar.edge(day)).collect()
    }

    /// The edge between what has been and what is ahead of now, for buckets that are so many calendar years away. Of days, those
    /// before `day` have been.
    pub fn edge_of_now(&self, years: i32, day: NaiveDate) -> Edge {
        if years == 0 {
            return Edge { day, at: self.now.until };
        }
        let moved = self.calendar.system.same_or_next(day, years.saturating_mul(12));
        self.calendar.edge(moved.unwrap_or(day))
    }

    /// The edges moved by calendar years; a day that the year does not have becomes the next one (29 February becomes
    /// 1 March), so that the moved buckets tile too.
    pub fn edges_years_away(&self, years: i32) -> Vec<Edge> {
        self.edges_months_away(years.saturating_mul(12), next_day(self.last()))
    }

    /// The edges moved back by one unit of the grain, so that each bucket becomes the one before it. Without a grain they
    /// go back to the period before, see [`Comparison::PreviousPeriod`].
    pub fn edges_before(&self) -> Vec<Edge> {
        match (self.grain, self.grain.and_then(Grain::months)) {
            (Some(_), Some(months)) => {
                let same = self.calendar.system.same_or_last(self.last(), -months).filter(|_| self.to_date);
                match same {
                    Some(last) => {
                        let mut edges = self.edges_months_away(-months, self.last());
                        edges.pop();
                        edges.push(self.calendar.edge(next_day(last)));
                        edges
                    }
                    None => self.edges_months_away(-months, next_day(self.last())),
                }
            }
            (Some(grain), None) => {
                let starts = self.buckets.iter().map(|bucket| bucket.first).chain([next_day(self.last())]);
                let moved = starts.map(|day| grain.shift(day, -1, &self.calendar).unwrap_or(day));
                moved.map(|day| self.calendar.edge(day)).collect()
            }
            (None, _) => {
                let before = self.compared(Comparison::PreviousPeriod).whole;
                let (first, last) = before.map_or((self.first(), self.last()), |before| (before.first, before.last));
                vec![self.calendar.edge(first), self.calendar.edge(next_day(last))]
            }
        }
    }

    /// The starts of the buckets and an end, moved by months.
    fn edges_months_away(&self, months: i32, end: NaiveDate) -> Vec<Edge> {
        let starts = self.buckets.iter().map(|bucket| bucket.first);
        let moved = |day| self.calendar.system.same_or_next(day, months).unwrap_or(day);
        starts.chain([end]).map(|day| self.calendar.edge(moved(day))).collect()
    }
}
