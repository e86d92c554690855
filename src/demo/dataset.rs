use super::accounts::{Account, Order};
use super::audience::{Mailing, Referral, mailings, referrals};
use super::book::Book;
use super::calendar::{Day, Minute};
use super::campaigns::{Campaign, Response, campaigns, deal_campaigns, responses};
use super::costs::{Cost, costs};
use super::deals::Deal;
use super::dice::Dice;
use super::exchange::rates;
use super::leads::{Lead, leads};
use super::options::{Options, Span};
use super::people::Rep;
use super::service::{Call, Case, calls, cases};
use super::social::{Post, Snapshot, posts, snapshots};
use super::staff::{Employee, staff};
use super::subscriptions::{Subscription, subscriptions};
use super::surveys::{Answer, answers};
use super::targets::{Target, targets};
use super::usage::{Training, sign_ins, trainings};
use super::vocabulary::{PRODUCTS, SOURCES, STAGES};
use super::{activity, web};

/// The rows of every table, made when they are asked for. What there are most of (activities, sign-ins, visits to the
/// website) is not even kept: it is made anew every time, day by day.
pub struct Dataset {
    pub(super) options: Options,
    pub(super) span: Span,
    /// By number.
    pub(super) staff: Vec<Employee>,
    /// By when they were first seen.
    pub(super) accounts: Vec<Account>,
    /// By creation; their accounts are places in `accounts`.
    pub(super) deals: Vec<Deal>,
    /// By time.
    pub(super) orders: Vec<PlacedOrder>,
    /// By start.
    pub(super) campaigns: Vec<Campaign>,
    /// The campaign of each deal: places in `campaigns`.
    pub(super) deal_campaigns: Vec<Option<usize>>,
    /// By creation.
    pub(super) leads: Vec<Lead>,
    /// Of each campaign, by time.
    pub(super) responses: Vec<Vec<Response>>,
    /// By start.
    pub(super) costs: Vec<Cost>,
    /// By time.
    pub(super) referrals: Vec<Referral>,
    /// By start.
    pub(super) mailings: Vec<Mailing>,
    /// By start.
    pub(super) subscriptions: Vec<Subscription>,
    /// By time.
    pub(super) snapshots: Vec<Snapshot>,
    /// By time.
    pub(super) posts: Vec<Post>,
    /// By time.
    pub(super) trainings: Vec<Training>,
    /// By opening.
    pub(super) cases: Vec<Case>,
    /// By time.
    pub(super) calls: Vec<Call>,
    /// By time.
    pub(super) answers: Vec<Answer>,
    /// By the first of their days.
    pub(super) targets: Vec<Target>,
}

/// An order; its deal is a place in `deals`.
pub(super) struct PlacedOrder {
    /// Place in `accounts`.
    pub account: usize,
    /// Its place among the account's orders, from 1.
    pub number: i32,
    pub order: Order,
}

/// Makes the data: the same for the same options, on every machine.
pub fn generate(options: &Options) -> Dataset {
    let mut data = sales(options);
    data.campaigns = campaigns(&data);
    data.deal_campaigns = deal_campaigns(&data);
    data.leads = leads(&data);
    data.responses = responses(&data);
    data.costs = costs(&data);
    data.referrals = referrals(&data);
    data.mailings = mailings(&data);
    data.subscriptions = subscriptions(&data);
    data.snapshots = snapshots(&data);
    data.posts = posts(&data);
    data.trainings = trainings(&data);
    data.cases = cases(&data);
    data.calls = calls(&data);
    data.answers = answers(&data);
    data.targets = targets(&data);
    data
}

/// What was sold, and by whom; everything else follows from it.
fn sales(options: &Options) -> Dataset {
    let span = options.span();
    let staff = staff(options, &span);
    let mut accounts = Vec::new();
    let mut deals = Vec::new();
    for employee in staff.iter().take(options.reps() as usize) {
        let book = Book::new(options, &span, &employee.rep);
        let (first_account, first_deal) = (accounts.len(), deals.len());
        deals.extend(book.deals.into_iter().map(|deal| Deal { account: first_account + deal.account, ..deal }));
        accounts.extend(book.accounts.into_iter().map(|mut account| {
            for order in &mut account.orders {
                order.deal = order.deal.map(|deal| first_deal + deal);
            }
            account
        }));
    }
    let (mut accounts, account_places) = sorted(accounts, |account| account.seen_at);
    let (mut deals, deal_places) = sorted(deals, |deal| deal.created);
    for deal in &mut deals {
        deal.account = account_places[deal.account];
    }
    let mut orders: Vec<PlacedOrder> = Vec::new();
    for (place, account) in accounts.iter_mut().enumerate() {
        orders.extend(std::mem::take(&mut account.orders).into_iter().map(|mut order| {
            order.deal = order.deal.map(|deal| deal_places[deal]);
            PlacedOrder { account: place, number: 0, order }
        }));
    }
    orders.sort_by_key(|placed| placed.order.at);
    let mut numbers = vec![0; accounts.len()];
    for placed in &mut orders {
        numbers[placed.account] += 1;
        placed.number = numbers[placed.account];
    }
    Dataset {
        options: options.clone(),
        span,
        staff,
        accounts,
        deals,
        orders,
        campaigns: Vec::new(),
        deal_campaigns: Vec::new(),
        leads: Vec::new(),
        responses: Vec::new(),
        costs: Vec::new(),
        referrals: Vec::new(),
        mailings: Vec::new(),
        subscriptions: Vec::new(),
        snapshots: Vec::new(),
        posts: Vec::new(),
        trainings: Vec::new(),
        cases: Vec::new(),
        calls: Vec::new(),
        answers: Vec::new(),
        targets: Vec::new(),
    }
}

/// The items by time, and the new place of each old one.
fn sorted<T>(items: Vec<T>, time: impl Fn(&T) -> Minute) -> (Vec<T>, Vec<usize>) {
    let mut items: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    items.sort_by_key(|(_, item)| time(item));
    let mut places = vec![0; items.len()];
    for (new, (old, _)) in items.iter().enumerate() {
        places[*old] = new;
    }
    (items.into_iter().map(|(_, item)| item).collect(), places)
}

impl Dataset {
    /// How many rows there are in all.
    pub fn row_count(&self) -> u64 {
        let stays: usize = self.deals.iter().map(|deal| 1 + deal.stays.len() + deal.proposals.len()).sum();
        let tenures: usize = self.accounts.iter().map(|account| 1 + account.tenures.len()).sum();
        let small = self.teams().count() + SOURCES.len() + PRODUCTS.len() + STAGES.len() + self.staff.len();
        let leads: usize = self.leads.iter().map(|lead| 2 + lead.steps.len()).sum();
        let responses: usize = self.responses.iter().map(Vec::len).sum();
        let subscriptions = self.subscriptions.iter();
        let subscriptions: usize = subscriptions.map(|one| 1 + one.movements.len() + one.renewals.len()).sum();
        let marketing =
            self.campaigns.len() + responses + self.costs.len() + self.referrals.len() + self.mailings.len();
        let reps = self.snapshots.len() + self.posts.len() + self.trainings.len();
        let service = self.cases.len() + self.calls.len() + self.answers.len();
        let made_anew = activity::activities(self).count() + web::visits(self).count() + sign_ins(self).count();
        let sales = stays + tenures + self.orders.len() + small;
        let plans = self.targets.len() + rates(self).count();
        (sales + leads + marketing + subscriptions + reps + service + plans + made_anew) as u64
    }

    /// Places of the accounts of each rep.
    pub(super) fn accounts_by_rep(&self) -> Vec<Vec<usize>> {
        let mut books: Vec<Vec<usize>> = self.staff.iter().map(|_| Vec::new()).collect();
        for (place, account) in self.accounts.iter().enumerate() {
            books[account.rep as usize].push(place);
        }
        books
    }

    /// What each account bought first, as a place in PRODUCTS; 0 where it bought nothing.
    pub(super) fn first_products(&self) -> Vec<usize> {
        let mut products = vec![0; self.accounts.len()];
        for placed in self.orders.iter().filter(|placed| placed.number == 1) {
            products[placed.account] = placed.order.product;
        }
        products
    }

    /// Some account that was a customer then, unless luck fails.
    pub(super) fn some_customer(&self, dice: &mut Dice, at: Minute) -> Option<usize> {
        let known = self.accounts.partition_point(|account| account.seen_at <= at) as u32;
        (0..6)
            .map(|_| dice.below(known) as usize)
            .find(|place| self.accounts.get(*place).is_some_and(|account| account.is_customer(at)))
    }

    /// The rep, or often somebody else of the team who is there on that day.
    pub(super) fn colleague(&self, dice: &mut Dice, rep: u32, day: Day) -> &Rep {
        let own = &self.staff[rep as usize].rep;
        let other = &self.staff[own.colleague(dice) as usize];
        if dice.chance(400) && other.employed(day) && self.span.first <= day { &other.rep } else { own }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_and_last_day_gives_data() {
        for (reps, years, last_day) in
            [(0, 0, "2024-02-29"), (1, 1, "2025-01-01"), (2, 2, "2026-03-31"), (7, 1, "2026-11-22")]
        {
            let last_day = last_day.parse().unwrap();
            let data = generate(&Options { reps, years, seed: 7, last_day });
            let closed: Vec<_> = data.opportunities().filter_map(|deal| deal.closed_at).collect();
            assert!(
                closed.len() > 10 && closed.iter().all(|at| at.date_naive() <= last_day),
                "{reps} {years} {last_day}"
            );
            assert!(data.orders().count() > 5);
        }
    }

    #[test]
    fn ids_go_by_time() {
        let data = generate(&Options { reps: 3, years: 1, ..Options::until("2026-06-30".parse().unwrap()) });
        let orders: Vec<_> = data.orders().map(|order| (order.id, order.ordered_at)).collect();
        assert!(orders.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1));
        let deals: Vec<_> = data.opportunities().map(|deal| (deal.id, deal.created_at)).collect();
        assert!(deals.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1));
    }

    #[test]
    fn the_row_count_is_that_of_all_tables() {
        let data = generate(&Options { reps: 2, years: 1, ..Options::until("2026-06-30".parse().unwrap()) });
        let facts = data.opportunities().count() + data.opportunity_stages().count() + data.proposals().count();
        let customers = data.accounts().count() + data.customer_tenures().count() + data.orders().count();
        let small = data.teams().count() + data.reps().count() + data.sources().count() + data.products().count();
        let leads = data.leads().count() + data.lead_stages().count() + data.referrals().count();
        let campaigns = data.campaigns().count() + data.campaign_responses().count() + data.costs().count();
        let web = data.web_sessions().count() + data.mailing_list_subscriptions().count();
        let recurring = data.subscriptions().count() + data.mrr_movements().count() + data.renewals().count();
        let social = data.social_profile_snapshots().count() + data.social_posts().count();
        let work = data.activities().count() + data.sign_ins().count() + data.training_results().count() + social;
        let service = data.service_cases().count() + data.service_calls().count() + data.survey_answers().count();
        let sales = facts + customers + small + data.stages().count();
        let plans = data.targets().count() + data.exchange_rates().count();
        let others = leads + campaigns + web + recurring + work + service + plans;
        assert_eq!(data.row_count(), (sales + others) as u64);
    }
}
