use super::keys::{account_id, campaign_id, deal_id, product_id, rep_id, source_id, stage_id, team_id};
use super::{CURRENCY, account_name};
use crate::crm;
use crate::demo::calendar::instant;
use crate::demo::dataset::{Dataset, PlacedOrder};
use crate::demo::fill::label;
use crate::demo::names;
use crate::demo::people::teams;
use crate::demo::vocabulary::{INDUSTRIES, PRODUCTS, SEGMENTS, SOURCES, STAGES};

impl Dataset {
    /// The tree of teams, from its root.
    pub fn teams(&self) -> impl Iterator<Item = crm::teams::Model> {
        teams(&self.options, label(&self.options)).into_iter().map(|team| crm::teams::Model {
            id: team_id(team.number),
            name: team.name,
            parent_id: team.parent.map(team_id),
        })
    }

    /// Reps, each in a team without teams below it.
    pub fn reps(&self) -> impl Iterator<Item = crm::reps::Model> {
        self.staff.iter().map(|employee| crm::reps::Model {
            id: rep_id(employee.rep.number),
            name: names::rep(employee.rep.number),
            team_id: Some(team_id(employee.team)),
            segment: Some(SEGMENTS[employee.segment].to_owned()),
            region: Some(employee.rep.region.name.to_owned()),
            hired_at: Some(instant(employee.hired_at())),
            left_at: employee.left_at().map(instant),
        })
    }

    /// Where business comes from.
    pub fn sources(&self) -> impl Iterator<Item = crm::sources::Model> {
        SOURCES.iter().enumerate().map(|(place, source)| crm::sources::Model {
            id: source_id(place),
            name: source.name.to_owned(),
            kind: Some(source.kind),
        })
    }

    /// What is sold.
    pub fn products(&self) -> impl Iterator<Item = crm::products::Model> {
        PRODUCTS.iter().enumerate().map(|(place, product)| crm::products::Model {
            id: product_id(place),
            name: product.name.to_owned(),
            family: Some(product.family.to_owned()),
            list_price_minor: Some(product.list_price * 100),
            currency: Some(CURRENCY.to_owned()),
        })
    }

    /// The pipeline.
    pub fn stages(&self) -> impl Iterator<Item = crm::stages::Model> {
        (1..).zip(STAGES.iter().enumerate()).map(|(position, (place, stage))| crm::stages::Model {
            id: stage_id(place),
            name: stage.name.to_owned(),
            position,
            probability_bp: stage.probability_bp,
            expected_days: Some(stage.expected_days),
        })
    }

    /// Companies, in the order they were first seen in.
    pub fn accounts(&self) -> impl Iterator<Item = crm::accounts::Model> {
        self.accounts.iter().enumerate().map(|(place, account)| crm::accounts::Model {
            id: account_id(place),
            name: account_name(place, account),
            segment: Some(SEGMENTS[account.segment].to_owned()),
            region: Some(account.region.to_owned()),
            industry: Some(INDUSTRIES[account.industry].0.to_owned()),
            country: Some(account.country.to_owned()),
            rep_id: Some(rep_id(account.rep)),
            customer_since: account.tenures.first().map(|tenure| instant(tenure.from)),
        })
    }

    /// Deals by creation.
    pub fn opportunities(&self) -> impl Iterator<Item = crm::opportunities::Model> {
        self.deals.iter().enumerate().map(|(place, deal)| crm::opportunities::Model {
            id: deal_id(place),
            name: Some(format!(
                "{}: {}",
                account_name(deal.account, &self.accounts[deal.account]),
                PRODUCTS[deal.product].name
            )),
            rep_id: Some(rep_id(deal.rep)),
            account_id: Some(account_id(deal.account)),
            product_id: Some(product_id(deal.product)),
            source_id: Some(source_id(deal.source)),
            stage_id: deal.stays.last().map(|stay| stage_id(stay.stage)),
            status: deal.status,
            loss_reason: deal.loss_reason.map(str::to_owned),
            amount_minor: Some(deal.amount),
            monthly_amount_minor: deal.monthly,
            currency: Some(CURRENCY.to_owned()),
            created_at: Some(instant(deal.created)),
            first_contact_at: Some(instant(deal.first_contact)),
            closed_at: deal.closed.map(instant),
        })
    }

    /// The history of every deal, without gaps.
    pub fn opportunity_stages(&self) -> impl Iterator<Item = crm::opportunity_stages::Model> {
        self.deals.iter().enumerate().flat_map(|(place, deal)| {
            let mut entered = deal.created;
            (1..).zip(&deal.stays).map(move |(number, stay)| {
                let handed_over = number == 1 && stay.left.is_some();
                let row = crm::opportunity_stages::Model {
                    opportunity_id: deal_id(place),
                    number,
                    stage_id: Some(stage_id(stay.stage)),
                    rep_id: Some(rep_id(if handed_over { deal.first_rep } else { deal.rep })),
                    entered_at: Some(instant(entered)),
                    left_at: stay.left.map(|(at, _)| instant(at)),
                    outcome: stay.left.map(|(_, outcome)| outcome),
                };
                entered = stay.left.map_or(entered, |(at, _)| at);
                row
            })
        })
    }

    /// Proposals, by deal and time.
    pub fn proposals(&self) -> impl Iterator<Item = crm::proposals::Model> {
        self.deals.iter().enumerate().flat_map(|(place, deal)| {
            (1..).zip(&deal.proposals).map(move |(number, at)| crm::proposals::Model {
                opportunity_id: deal_id(place),
                number,
                rep_id: Some(rep_id(deal.rep)),
                sent_at: instant(*at),
            })
        })
    }

    /// Orders by time.
    pub fn orders(&self) -> impl Iterator<Item = crm::orders::Model> {
        self.orders.iter().enumerate().map(|(place, PlacedOrder { account, number, order })| crm::orders::Model {
            id: format!("ord-{:07}", place + 1),
            rep_id: Some(rep_id(self.accounts[*account].rep)),
            account_id: Some(account_id(*account)),
            opportunity_id: order.deal.map(deal_id),
            product_id: Some(product_id(order.product)),
            source_id: Some(source_id(order.source)),
            campaign_id: order.deal.and_then(|deal| self.deal_campaigns[deal]).map(campaign_id),
            kind: Some(order.kind),
            amount_minor: order.amount,
            currency: CURRENCY.to_owned(),
            ordered_at: instant(order.at),
            customer_order_number: Some(*number),
            by_subscriber: order.by_subscriber,
        })
    }

    /// Times as a customer, by account and time.
    pub fn customer_tenures(&self) -> impl Iterator<Item = crm::customer_tenures::Model> {
        self.accounts.iter().enumerate().flat_map(|(place, account)| {
            (1..).zip(&account.tenures).map(move |(number, tenure)| crm::customer_tenures::Model {
                account_id: account_id(place),
                number,
                rep_id: Some(rep_id(account.rep)),
                started_at: instant(tenure.from),
                ended_at: tenure.end.map(|(at, _)| instant(at)),
                end_reason: tenure.end.map(|(_, reason)| reason.to_owned()),
            })
        })
    }
}
