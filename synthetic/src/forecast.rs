//! What is expected of deals: which pipeline they go through, when they close and how likely.

use crate::branch::Branch;
use crate::calendar::{Day, date_of, day_at};
use crate::deals::Deal;
use crate::keys::pipeline_id;
use crate::vocabulary::STAGES;
use crm_kpi_crm::opportunities::{self, Status};
use crm_kpi_crm::orders::Kind;

impl Deal {
    /// Its place in PIPELINES.
    pub fn pipeline(&self) -> usize {
        usize::from(self.kind != Kind::New)
    }

    fn sale_type(&self) -> &'static str {
        match self.kind {
            Kind::New => "new business",
            Kind::Upsell | Kind::CrossSell => "expansion",
            Kind::Renewal => "renewal",
            Kind::Repeat => "repeat business",
        }
    }
}

impl Branch<'_> {
    /// A deal's row with what its rep expects of it: open deals close in the coming months, later ones sooner, some were to have
    /// closed already. Those that have closed did so around the day that was expected.
    pub(crate) fn with_forecast(&self, place: usize, row: opportunities::Model) -> opportunities::Model {
        let deal = &self.deals[place];
        let mut dice = self.dice("forecast", place);
        let stage = deal.stays.last().map_or(0, |stay| stay.stage);
        let today = day_at(self.company.span.end);
        let (day, category) = match deal.status {
            Status::Open if dice.chance(180) => (today - dice.between(1, 40) as Day, "commit"),
            Status::Open => {
                let later = dice.between(5, 30) * (STAGES.len() - stage) as i64;
                (today + later as Day, ["pipeline", "pipeline", "best case", "commit"][stage])
            }
            Status::Won => (day_at(deal.closed.unwrap_or(deal.created)) + dice.between(-12, 9) as Day, "closed"),
            Status::Lost => (day_at(deal.closed.unwrap_or(deal.created)) + dice.between(-5, 40) as Day, "omitted"),
        };
        // Some reps know better than the stage.
        let of_stage = i64::from(STAGES[stage].probability_bp);
        let own = dice.chance(300).then(|| (of_stage + dice.between(-8, 12) * 100).clamp(0, 10_000) as i32);
        opportunities::Model {
            pipeline_id: Some(pipeline_id(deal.pipeline())),
            sale_type: Some(deal.sale_type().to_owned()),
            probability_bp: own.filter(|_| deal.status == Status::Open),
            expected_close_on: Some(date_of(day.max(day_at(deal.created)))),
            forecast_category: Some(category.to_owned()),
            ..row
        }
    }
}
