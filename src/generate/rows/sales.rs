use crate::crm;
use crate::generate::book::Order;
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::instant;
use crate::generate::vocabulary::CURRENCY;
use crate::generate::world::World;

impl World {
    pub fn opportunity_row(&self, number: u64) -> [crm::opportunities::Model; 1] {
        let deal = self.deal(number);
        let row = crm::opportunities::Model {
            id: keys::deal(number),
            name: Some(format!("Deal {}", number + 1)),
            rep_id: Some(keys::rep(deal.rep)),
            account_id: Some(keys::account(deal.account)),
            product_id: Some(keys::product(deal.product)),
            source_id: Some(keys::source(deal.source)),
            stage_id: None,
            status: deal.status,
            loss_reason: deal.loss_reason.map(str::to_owned),
            amount_minor: Some(deal.amount),
            monthly_amount_minor: deal.monthly,
            currency: Some(CURRENCY.into()),
            created_at: Some(instant(deal.created)),
            first_contact_at: deal.first_contact.map(instant),
            closed_at: deal.closed.map(instant),
        };
        let (stays, _) = deal.way(self.span.end);
        [crm::opportunities::Model { stage_id: stays.last().map(|stay| keys::stage(stay.stage)), ..row }]
    }

    pub fn opportunity_stage_rows(&self, number: u64) -> impl Iterator<Item = crm::opportunity_stages::Model> {
        let deal = self.deal(number);
        let (rep, first_rep) = (deal.rep, deal.first_rep);
        let (stays, _) = deal.way(self.span.end);
        (1..).zip(stays).map(move |(place, stay)| crm::opportunity_stages::Model {
            opportunity_id: keys::deal(number),
            number: place,
            stage_id: Some(keys::stage(stay.stage)),
            rep_id: Some(keys::rep(if place == 1 && stay.left.is_some() { first_rep } else { rep })),
            entered_at: Some(instant(stay.entered)),
            left_at: stay.left.map(|(at, _)| instant(at)),
            outcome: stay.left.map(|(_, outcome)| outcome),
        })
    }

    pub fn proposal_rows(&self, number: u64) -> impl Iterator<Item = crm::proposals::Model> {
        let deal = self.deal(number);
        let rep = deal.rep;
        let (_, sent) = deal.way(self.span.end);
        (1..).zip(sent).map(move |(place, at)| crm::proposals::Model {
            opportunity_id: keys::deal(number),
            number: place,
            rep_id: Some(keys::rep(rep)),
            sent_at: instant(at),
        })
    }

    /// The order of a deal and those that follow it.
    pub fn order_rows(&self, number: u64) -> impl Iterator<Item = crm::orders::Model> {
        let deal = Some(self.deal(number)).filter(|deal| deal.is_won());
        deal.into_iter().flat_map(move |deal| {
            let orders = self.book(deal.account).orders;
            let own = (1..).zip(orders).filter(move |(_, order)| order.deal == number);
            own.map(move |(place, order): (i32, Order)| {
                let mut draw = self.draw(Stream::Order, (order.place + 1) << 40 | number);
                let campaign = draw.chance(150).then(|| self.some_campaign(&mut draw, order.at));
                crm::orders::Model {
                    id: format!("ord-{:08}-{}", number + 1, order.place + 1),
                    rep_id: Some(keys::rep(deal.rep)),
                    account_id: Some(keys::account(deal.account)),
                    opportunity_id: Some(keys::deal(number)).filter(|_| order.place == 0),
                    product_id: Some(keys::product(deal.product)),
                    source_id: Some(keys::source(deal.source)),
                    campaign_id: campaign.map(keys::campaign),
                    kind: Some(order.kind),
                    amount_minor: deal.amount * order.share / 1000,
                    currency: CURRENCY.into(),
                    ordered_at: instant(order.at),
                    customer_order_number: Some(place),
                    by_subscriber: order.by_subscriber,
                }
            })
        })
    }

    pub fn tenure_rows(&self, account: u64) -> impl Iterator<Item = crm::customer_tenures::Model> {
        (1..).zip(self.book(account).tenures).map(move |(place, tenure)| crm::customer_tenures::Model {
            account_id: keys::account(account),
            number: place,
            rep_id: Some(keys::rep(tenure.rep)),
            started_at: instant(tenure.started),
            ended_at: tenure.ended.map(instant),
            end_reason: tenure.ended.map(|_| tenure.reason.into()),
        })
    }
}
