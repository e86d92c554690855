//! How a field's dates are written, and what is added to them.

use super::rule::Ground;
use super::settings::{date_formats, zone};
use super::{Dates, Move, Problems};
use crate::import::mapping::language::{Names, Options};
use crate::import::mapping::table::FieldKind;
use crate::import::mapping::value::{Shift, Unit};

const A_DURATION: &str = "use one such as \"12 months\", \"-1 day\" or \"{Term} months\", in years, quarters, months, \
                          weeks, days, hours or minutes";

impl Ground<'_> {
    pub(super) fn dates(&self, options: &Options, problems: &mut Problems) -> Dates {
        let formats = match &options.date_formats {
            Some(names) => date_formats(names, &format!("{}.date_formats", self.key), problems),
            None => self.settings.date_formats.clone(),
        };
        let zone = match &options.time_zone {
            Some(name) => zone(name, &format!("{}.time_zone", self.key), problems),
            None => self.settings.zone,
        };
        let Names(durations) = &options.add;
        let mut moves: Vec<_> = durations.iter().filter_map(|duration| self.duration(duration, problems)).collect();
        if options.start_of.is_some() && options.end_of.is_some() {
            problems.add(&self.key, "`start_of` and `end_of` cannot be used together");
        }
        moves.extend(options.start_of.map(|span| Move::By(Shift::StartOf(span))));
        moves.extend(options.end_of.map(|span| Move::By(Shift::EndOf(span))));
        Dates { formats, zone, moves, precision: options.precision, decimals: self.settings.decimals }
    }

    /// Reads a duration, such as `12 months`, `-1 day` or `{Term} months`.
    fn duration(&self, text: &str, problems: &mut Problems) -> Option<Move> {
        let key = format!("{}.add", self.key);
        let Some((count, unit)) = text.trim().rsplit_once(char::is_whitespace) else {
            problems.add(key, format!("{text:?} is not a duration: {A_DURATION}"));
            return None;
        };
        let unit = Unit::new(unit).filter(|unit| self.field.kind == FieldKind::Instant || !unit.is_of_a_day());
        let (back, count) = match count.trim().strip_prefix('-') {
            Some(count) => (true, count.trim()),
            None => (false, count.trim()),
        };
        let column_of = count.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        match (unit, column_of, count.parse::<i64>()) {
            (Some(unit), Some(name), _) => {
                let column = self.columns.place(name, &key, problems)?;
                Some(Move::ByColumn { column, back, unit })
            }
            (Some(unit), None, Ok(count)) => Some(Move::By(Shift::Add(if back { -count } else { count }, unit))),
            _ => {
                problems.add(key, format!("{text:?} is not a duration: {A_DURATION}"));
                None
            }
        }
    }
}
