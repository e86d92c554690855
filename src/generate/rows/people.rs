use crate::crm;
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::{DAY, instant};
use crate::generate::vocabulary::{
    COMPANY_NAMES, CURRENCY, EDITIONS, FAMILIES, FIRST_NAMES, LAST_NAMES, REGIONS, SEGMENTS, SOURCES, STAGES,
};
use crate::generate::world::World;

impl World {
    pub fn team_row(&self, team: u64) -> [crm::teams::Model; 1] {
        let options = &self.options;
        let name = match self.teams.above(team) {
            None => format!(
                "Generated company, {} reps, {} opportunities, {} years, seed {}, to {}",
                options.reps, options.opportunities, options.years, options.seed, options.last_day
            ),
            Some(0) => format!("Area {team}"),
            Some(_) => format!("Team {}", team - self.teams.between),
        };
        [crm::teams::Model { id: keys::team(team), name, parent_id: self.teams.above(team).map(keys::team) }]
    }

    pub fn rep_row(&self, rep: u64) -> [crm::reps::Model; 1] {
        let mut draw = self.draw(Stream::Rep, rep);
        let span = &self.span;
        let hired = match draw.chance(850) {
            true => span.start - draw.between(DAY, 2000 * DAY),
            false => draw.between(span.start, span.start + (span.end - span.start) * 4 / 5),
        };
        let left = draw.chance(60).then(|| hired + draw.between(200 * DAY, 3000 * DAY));
        let team = self.teams.of_rep(rep);
        [crm::reps::Model {
            id: keys::rep(rep),
            name: format!("{} {} {}", draw.pick(&FIRST_NAMES), draw.pick(&LAST_NAMES), rep + 1),
            team_id: Some(keys::team(team)),
            segment: Some(SEGMENTS[(team % SEGMENTS.len() as u64) as usize].0.into()),
            region: Some(REGIONS[(rep % REGIONS.len() as u64) as usize].0.into()),
            hired_at: Some(instant(hired)),
            left_at: left.and_then(|at| span.before_end(at)).map(instant),
        }]
    }

    pub fn account_row(&self, number: u64) -> [crm::accounts::Model; 1] {
        let mut account = self.account(number);
        let market = account.market;
        [crm::accounts::Model {
            id: keys::account(number),
            name: format!("{} {}", account.draw.pick(&COMPANY_NAMES), number + 1),
            segment: Some(market.segment().into()),
            region: Some(market.region.into()),
            industry: Some(market.industry.into()),
            country: Some(market.country.into()),
            rep_id: Some(keys::rep(account.rep)),
            customer_since: self.book(number).tenures.first().map(|tenure| instant(tenure.started)),
        }]
    }

    pub fn source_row(number: u64) -> Option<crm::sources::Model> {
        let (name, kind) = SOURCES.get(number as usize)?;
        Some(crm::sources::Model { id: keys::source(number), name: (*name).to_owned(), kind: Some(*kind) })
    }

    pub fn product_row(number: u64) -> [crm::products::Model; 1] {
        let family = FAMILIES[number as usize / EDITIONS.len() % FAMILIES.len()];
        let edition = number as usize % EDITIONS.len();
        [crm::products::Model {
            id: keys::product(number),
            name: format!("{family} {}", EDITIONS[edition]),
            family: Some(family.into()),
            list_price_minor: Some(99_900 * 4_i64.pow(edition as u32)),
            currency: Some(CURRENCY.into()),
        }]
    }

    pub fn stage_row(number: u64) -> Option<crm::stages::Model> {
        let (name, probability_bp, expected_days) = STAGES.get(number as usize)?;
        Some(crm::stages::Model {
            id: keys::stage(number as usize),
            name: (*name).to_owned(),
            position: number as i32 + 1,
            probability_bp: *probability_bp,
            expected_days: Some(*expected_days),
        })
    }
}
