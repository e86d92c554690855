//! Rows of what the whole company shares: teams and reps, what it sells, where business comes from, the pipelines.

use crate::calendar::instant;
use crate::company::Company;
use crate::keys::{currency, pipeline_id, product_id, segment, source_id, stage_id};
use crate::names;
use crate::teams::{node, team, teams};
use crate::vocabulary::{PIPELINES, PRODUCTS, SOURCES, STAGES};
use crm_kpi_crm::{pipelines, products, reps, sources, stages};

impl Company {
    /// The tree of teams, from its root. The root's name tells what the data were made with.
    pub fn teams(&self) -> impl Iterator<Item = crm_kpi_crm::teams::Model> {
        let root = format!("{}, to {}", self.options().label(), self.options().last_day);
        teams(root, self.options().reps).map(|team| crm_kpi_crm::teams::Model {
            id: self.team_id(team.number),
            name: team.name,
            parent_id: team.parent.map(|parent| self.team_id(parent)),
            ..Default::default()
        })
    }

    /// Reps, each in a team without teams below it.
    pub fn reps(&self) -> impl Iterator<Item = reps::Model> {
        (0..self.options().reps).map(|number| {
            let rep = self.rep(number);
            reps::Model {
                id: self.rep_id(number),
                name: names::person(number.into()),
                team_id: Some(self.team_id(node(team(number)))),
                segment: segment(rep.segment()),
                region: Some(rep.region.name.to_owned()),
                hired_at: Some(instant(rep.opening(rep.from()))),
                left_at: rep.left.map(|day| instant(rep.closing(day))),
                ..Default::default()
            }
        })
    }

    /// Where business comes from.
    pub fn sources(&self) -> impl Iterator<Item = sources::Model> {
        SOURCES.iter().enumerate().map(|(place, source)| sources::Model {
            id: source_id(place),
            name: source.name.to_owned(),
            kind: Some(source.kind),
            ..Default::default()
        })
    }

    /// What is sold.
    pub fn products(&self) -> impl Iterator<Item = products::Model> {
        PRODUCTS.iter().enumerate().map(|(place, product)| products::Model {
            id: product_id(place),
            name: product.name.to_owned(),
            family: Some(product.family.to_owned()),
            list_price_minor: Some(product.list_price * 100),
            currency: Some(currency()),
            ..Default::default()
        })
    }

    /// Ways that deals go.
    pub fn pipelines(&self) -> impl Iterator<Item = pipelines::Model> {
        PIPELINES.iter().enumerate().map(|(place, (name, _))| pipelines::Model {
            id: pipeline_id(place),
            name: (*name).to_owned(),
            ..Default::default()
        })
    }

    /// The steps of each.
    pub fn stages(&self) -> impl Iterator<Item = stages::Model> {
        PIPELINES.iter().enumerate().flat_map(|(pipeline, (_, names))| {
            (1..).zip(STAGES.iter().zip(names).enumerate()).map(move |(position, (place, (stage, name)))| {
                stages::Model {
                    id: stage_id(pipeline, place),
                    name: (*name).to_owned(),
                    pipeline_id: Some(pipeline_id(pipeline)),
                    position,
                    probability_bp: stage.probability_bp,
                    expected_days: Some(stage.expected_days),
                    ..Default::default()
                }
            })
        })
    }
}
