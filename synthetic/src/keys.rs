//! Keys of what the whole company has, from numbers from 0, and what rows have in common.

use crate::accounts::Market;
use crate::calendar::{Minute, instant};
use crate::company::Company;
use crate::vocabulary::{INDUSTRIES, SEGMENTS, STAGES};
use chrono::{DateTime, Utc};

pub(crate) const CURRENCY: &str = "USD";

pub(crate) fn currency() -> String {
    CURRENCY.to_owned()
}

impl Company {
    pub(crate) fn team_id(&self, number: u32) -> String {
        let digits = self.digits();
        format!("team-{number:0digits$}")
    }

    pub(crate) fn rep_id(&self, number: u32) -> String {
        let digits = self.digits();
        format!("rep-{:0digits$}", number + 1)
    }

    /// As many as the keys of all reps need, so that they go by number; there are fewer teams.
    fn digits(&self) -> usize {
        if self.options().reps < 10_000 { 4 } else { 7 }
    }
}

pub(crate) fn source_id(place: usize) -> String {
    format!("src-{:02}", place + 1)
}

pub(crate) fn product_id(place: usize) -> String {
    format!("prod-{:02}", place + 1)
}

pub(crate) fn pipeline_id(place: usize) -> String {
    format!("pipeline-{}", place + 1)
}

/// Stages of a pipeline come after those of the ones before it.
pub(crate) fn stage_id(pipeline: usize, stage: usize) -> String {
    format!("stage-{}", pipeline * STAGES.len() + stage + 1)
}

pub(crate) fn time(at: Option<Minute>) -> Option<DateTime<Utc>> {
    at.map(instant)
}

/// What a row says of a market: segment, region, industry and country.
pub(crate) type Words = (Option<String>, Option<String>, Option<String>, Option<String>);

pub(crate) fn segment(place: usize) -> Option<String> {
    SEGMENTS.get(place).map(|segment| (*segment).to_owned())
}

impl Market {
    pub fn words(&self) -> Words {
        let industry = INDUSTRIES[self.industry].0.to_owned();
        (segment(self.segment), Some(self.region.to_owned()), Some(industry), Some(self.country.to_owned()))
    }
}
