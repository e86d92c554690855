//! The company as a whole: who works there, how many deals everybody has, and which reps belong to a branch.

use crate::calendar::{Season, Span};
use crate::dice::Dice;
use crate::options::{Options, OutOfRange};
use crate::reps::{Rep, is_beginner};
use crate::teams::{TEAM_SIZE, team};

/// Deals and reps of a branch, about, at most. The demo of the default size is one branch.
const BRANCH_DEALS: u64 = 25_000;
const BRANCH_REPS: u64 = 8_000;

/// Deals that an average rep creates in a year, before growth, and the working days of a year.
const DEALS_A_YEAR: u64 = 142;
const WORKING_DAYS: u64 = 261;

/// How much is recorded beside deals and what customers buy.
pub(crate) struct Detail {
    /// Leads, against those of the demo in per mille.
    pub leads: i64,
    /// Customers whose dealings with the service are known, in per mille.
    pub service: i64,
    /// What is done on a day about the average seat's deals, against the demo in per mille.
    pub days: i64,
    /// One rep in so many has costs, targets, trainings and social profiles.
    pub keepers: u32,
    /// Deals of the average rep, against the demo in per mille.
    pub load: i64,
}

/// A company that does not exist.
///
/// Its reps are grouped into branches. What happens in a branch is made in the order of time and kept while the branch is
/// looked at, so memory is that of one branch, however large the company is.
pub struct Company {
    options: Options,
    pub(crate) span: Span,
    pub(crate) season: Season,
    pub(crate) detail: Detail,
    /// The sums of the weights of the seats up to each one; one more than there are seats. A seat is a rep's book of
    /// accounts: a rep with very many deals has several.
    weights: Vec<u64>,
    /// How many deals there are for what weight.
    deals: (u64, u64),
    /// The first seats of the branches.
    pub(crate) branches: Vec<usize>,
}

/// Whose book of accounts it is, and how many deals are in it.
pub(crate) struct Seat {
    pub rep: Rep,
    pub deals: usize,
    /// Whether it is the rep's first one: what is the rep's alone belongs to it.
    pub first: bool,
}

impl Company {
    /// Makes up the company, but none of its records yet.
    pub fn new(options: &Options) -> Result<Self, OutOfRange> {
        options.check()?;
        let span = options.span();
        let season = Season::new(&span);
        let reps = u64::from(options.reps);
        let seats = options.opportunities.map_or(0, |deals| u64::from(deals).div_ceil(BRANCH_DEALS)).max(reps);
        let mut weights = Vec::with_capacity(seats as usize + 1);
        let mut sum = 0;
        let mut last = (u64::MAX, 0);
        weights.push(0);
        for seat in 0..seats {
            let rep = seat * reps / seats;
            if last.0 != rep {
                last = (rep, Rep::new(options.seed, &span, rep as u32).weight(&season));
            }
            sum += last.1;
            weights.push(sum);
        }
        let deals = match options.opportunities {
            Some(deals) => (u64::from(deals), sum.max(1)),
            // A rep of average pace weighs 1000 and an average working day as much.
            None => (DEALS_A_YEAR, WORKING_DAYS * 1_000_000),
        };
        let mut company = Self {
            options: options.clone(),
            span,
            season,
            detail: Detail { leads: 1000, service: 1000, days: 1000, keepers: 1, load: 1000 },
            weights,
            deals,
            branches: vec![0],
        };
        if options.opportunities.is_some() {
            // Deals of the average rep in a year, in thousandths.
            let busy = 1000 * company.opportunities() / (reps * u64::from(options.years));
            let load = (busy / DEALS_A_YEAR).max(1) as i64;
            let days = (150 * load / 1000 * reps as i64 / seats as i64).max(1);
            let keepers = (360_000 / busy.max(1)).clamp(1, u64::from(u32::MAX)) as u32;
            company.detail = Detail { leads: 560, service: 330, days, keepers, load };
        }
        company.found_branches();
        Ok(company)
    }

    fn found_branches(&mut self) {
        let least = self.opportunities().div_ceil(BRANCH_DEALS).max(u64::from(self.options.reps).div_ceil(BRANCH_REPS));
        let share = self.opportunities().div_ceil(least.max(1));
        let mut first = 0;
        for seat in 1..self.seats() {
            // A team is not divided.
            let may_begin = self.seats() > self.options.reps as usize || seat % TEAM_SIZE as usize == 0;
            let full =
                self.deals_before(seat) - self.deals_before(first) >= share || seat - first >= BRANCH_REPS as usize;
            if may_begin && full {
                first = seat;
                self.branches.push(first);
            }
        }
    }

    pub(crate) fn seats(&self) -> usize {
        self.weights.len() - 1
    }

    fn deals_before(&self, seat: usize) -> u64 {
        let (deals, weight) = self.deals;
        (u128::from(self.weights[seat]) * u128::from(deals) / u128::from(weight)) as u64
    }

    /// The options that it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// How many opportunities there are.
    pub fn opportunities(&self) -> u64 {
        self.deals_before(self.seats())
    }

    /// How many branches there are.
    pub fn branch_count(&self) -> usize {
        self.branches.len()
    }

    pub(crate) fn seat(&self, seat: usize) -> Seat {
        let rep = |seat: usize| seat as u64 * u64::from(self.options.reps) / self.seats() as u64;
        Seat {
            rep: self.rep(rep(seat) as u32),
            deals: (self.deals_before(seat + 1) - self.deals_before(seat)) as usize,
            first: seat == 0 || rep(seat - 1) != rep(seat),
        }
    }

    pub(crate) fn rep(&self, number: u32) -> Rep {
        Rep::new(self.options.seed, &self.span, number)
    }

    pub(crate) fn dice(&self, what: &str, number: impl Into<u64>) -> Dice {
        Dice::new(self.options.seed, what, number.into())
    }

    /// Another rep of the team who has a book, or the rep itself.
    pub(crate) fn colleague(&self, dice: &mut Dice, rep: u32) -> u32 {
        let first = team(rep) * TEAM_SIZE;
        let size = (self.options.reps - first).min(TEAM_SIZE);
        let step = 1 + dice.below(u64::from(size.saturating_sub(1))) as u32;
        let other = first + (rep - first + step) % size.max(1);
        if is_beginner(other) { rep } else { other }
    }

    /// Whether the rep is one of those whose costs, targets, trainings and social profiles are recorded.
    pub(crate) fn keeps_records(&self, rep: u32) -> bool {
        rep.is_multiple_of(self.detail.keepers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn options(reps: u32) -> Options {
        Options { reps, ..Options::demo("2026-06-30".parse().unwrap()) }
    }

    #[test]
    fn more_reps_leave_the_others_as_they_are() {
        let [few, many] = [12, 500].map(|reps| Company::new(&options(reps)).unwrap());
        for place in 0..12 {
            let [few, many] = [&few, &many].map(|company| company.seat(place));
            assert_eq!((few.rep.skill, few.rep.pace, few.rep.hired), (many.rep.skill, many.rep.pace, many.rep.hired));
            assert_eq!(few.deals, many.deals);
        }
    }

    #[test]
    fn deals_and_reps_are_divided_into_branches_that_are_not_too_large() {
        for (reps, deals) in [(1, 1), (1, 400_000), (3, 1_000_000), (300, 20_000), (50_000, 9_000), (2_000, 500_000)] {
            let company = Company::new(&Options { opportunities: Some(deals), ..options(reps) }).unwrap();
            let ends = company.branches.iter().skip(1).copied().chain([company.seats()]);
            let mut sum = 0;
            let mut firsts = 0;
            for (first, end) in company.branches.iter().copied().zip(ends) {
                let seats: Vec<Seat> = (first..end).map(|seat| company.seat(seat)).collect();
                let deals: usize = seats.iter().map(|seat| seat.deals).sum();
                assert!(deals <= 4 * BRANCH_DEALS as usize && seats.len() <= BRANCH_REPS as usize + 6, "{deals}");
                sum += deals;
                firsts += seats.iter().filter(|seat| seat.first).count();
            }
            assert_eq!((sum, firsts), (deals as usize, reps as usize));
        }
        assert_eq!(Company::new(&options(40)).unwrap().branch_count(), 1);
    }

    #[test]
    fn a_colleague_is_another_rep_of_the_team() {
        let company = Company::new(&options(8)).unwrap();
        let mut dice = Dice::new(1, "test", 0);
        let colleagues: BTreeSet<u32> = (0..100).map(|_| company.colleague(&mut dice, 4)).collect();
        // Rep 2 is a beginner, in whose place the rep itself stands.
        assert_eq!(colleagues, BTreeSet::from([0, 1, 3, 4, 5]));
        assert!((0..100).all(|_| company.colleague(&mut dice, 7) == 6));
    }

    #[test]
    fn options_out_of_range_are_refused() {
        for wrong in [
            options(0),
            Options { opportunities: Some(Options::MAX_OPPORTUNITIES + 1), ..options(1) },
            Options { years: 21, ..options(1) },
            Options { last_day: "3000-01-01".parse().unwrap(), ..options(1) },
        ] {
            assert!(Company::new(&wrong).is_err(), "{wrong:?}");
        }
    }
}
