use super::draw::{Draw, Stream};
use super::options::Options;
use super::time::{Second, Span};
use super::vocabulary::{INDUSTRIES, REGIONS, SEGMENT_WEIGHTS, SEGMENTS, SOURCES};

/// Accounts that are of like size but for the first, which takes as many deals as [`LARGE`] of the others.
const GROUP: u64 = 4;
const LARGE: u64 = 3;
/// Deals that a group takes in a round.
const SHARES: u64 = LARGE + GROUP - 1;

/// A prime beyond the most reps: multiplying by it spreads them.
const SPREAD: u64 = 2_147_483_647;

/// Everything that there is, by number.
pub(super) struct World {
    pub options: Options,
    pub span: Span,
    /// What all chance begins with.
    seed: u64,
    pub deals: u64,
    pub reps: u64,
    pub teams: Teams,
    pub accounts: u64,
    pub leads: u64,
    pub cases: u64,
}

/// A tree of three levels: the root, a level between, and the teams that reps are in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Teams {
    pub between: u64,
    pub lowest: u64,
}

impl Teams {
    /// Reps in a team, and teams under another one.
    const SIZE: u64 = 10;

    pub fn all(self) -> u64 {
        1 + self.between + self.lowest
    }

    /// The team above one.
    pub fn above(self, team: u64) -> Option<u64> {
        match team.checked_sub(1 + self.between) {
            Some(lowest) => Some(1 + lowest / Self::SIZE),
            None => (team > 0).then_some(0),
        }
    }

    pub fn of_rep(self, rep: u64) -> u64 {
        1 + self.between + rep / Self::SIZE
    }
}

/// Where and to whom something is sold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Market {
    /// Place in [`SEGMENTS`].
    pub segment: usize,
    pub region: &'static str,
    pub country: &'static str,
    pub industry: &'static str,
}

impl Market {
    pub fn draw(draw: &mut Draw) -> Self {
        let (region, countries) = draw.pick(&REGIONS);
        Self {
            segment: draw.weighted(&SEGMENT_WEIGHTS),
            region,
            country: draw.pick(countries),
            industry: draw.pick(&INDUSTRIES),
        }
    }

    pub fn segment(&self) -> &'static str {
        SEGMENTS[self.segment].0
    }
}

/// A company that may buy.
pub(super) struct Account {
    pub market: Market,
    pub rep: u64,
    /// Draws what else is to be known of it.
    pub draw: Draw,
}

impl World {
    pub fn new(options: &Options) -> Self {
        let deals = u64::from(options.opportunities);
        let reps = u64::from(options.reps);
        let lowest = reps.div_ceil(Teams::SIZE);
        let hash = blake3::hash(&options.seed.to_le_bytes());
        let seed = hash.as_bytes().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
        Self {
            options: options.clone(),
            span: Span::of(options),
            seed,
            deals,
            reps,
            teams: Teams { between: lowest.div_ceil(Teams::SIZE), lowest },
            accounts: deals.div_ceil(10).next_multiple_of(GROUP),
            leads: deals.div_ceil(2),
            cases: deals.div_ceil(5),
        }
    }

    pub fn draw(&self, stream: Stream, number: u64) -> Draw {
        Draw::new(self.seed, stream, number)
    }

    /// A rep: some are more likely than others.
    pub fn some_rep(&self, draw: &mut Draw) -> u64 {
        draw.skewed(self.reps) * SPREAD % self.reps
    }

    pub fn some_source(draw: &mut Draw) -> u64 {
        draw.skewed(SOURCES.len() as u64)
    }

    /// An instant in a part of the time: numbers in the order of time.
    pub fn spread(&self, draw: &mut Draw, number: u64, of: u64) -> Second {
        let (from, until) = (self.span.part(number, of), self.span.part(number + 1, of));
        draw.between(from, until.max(from + 1) - 1)
    }

    pub fn account(&self, number: u64) -> Account {
        let mut draw = self.draw(Stream::Account, number);
        let market = Market::draw(&mut draw);
        let rep = self.some_rep(&mut draw);
        Account { market, rep, draw }
    }

    /// Deals come in rounds, in each of which half of the accounts have their shares, in another order each time. Which half
    /// moves on from round to round, so that there are new customers all the time.
    fn round_size(&self) -> u64 {
        self.courted() / GROUP * SHARES
    }

    /// Accounts that have deals in a round.
    fn courted(&self) -> u64 {
        (self.accounts / 2).next_multiple_of(GROUP)
    }

    fn rounds(&self) -> u64 {
        self.deals.div_ceil(self.round_size())
    }

    /// The first account that has deals in a round.
    fn first_courted(&self, round: u64) -> u64 {
        let later = (self.accounts - self.courted()) * round / (self.rounds() - 1).max(1);
        later / GROUP * GROUP
    }

    fn round_offset(&self, round: u64) -> u64 {
        self.draw(Stream::Round, round).below(self.round_size())
    }

    /// The account of a deal.
    pub fn account_of(&self, deal: u64) -> u64 {
        let size = self.round_size();
        let round = deal / size;
        let share = (deal % size + self.round_offset(round)) % size;
        self.first_courted(round) + share / SHARES * GROUP + (share % SHARES).saturating_sub(LARGE - 1)
    }

    /// The numbers of an account's deals.
    pub fn deals_of(&self, account: u64) -> impl Iterator<Item = u64> {
        let size = self.round_size();
        let is_courted = move |round: &u64| {
            let first = self.first_courted(*round);
            (first..first + self.courted()).contains(&account)
        };
        (0..self.rounds()).filter(is_courted).flat_map(move |round| {
            let first = (account - self.first_courted(round)) / GROUP * SHARES;
            let shares = match account % GROUP {
                0 => first..first + LARGE,
                other => first + LARGE - 1 + other..first + LARGE + other,
            };
            let offset = self.round_offset(round);
            let deal = move |share| round * size + (share + size - offset) % size;
            shares.map(deal).filter(|deal| *deal < self.deals)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deal_is_among_those_of_its_account_and_of_no_other() {
        for opportunities in [1, 7, 60, 61, 500] {
            let world =
                World::new(&Options { opportunities, reps: 3, ..Options::until("2026-11-20".parse().unwrap()) });
            let mut seen = 0;
            for account in 0..world.accounts {
                for deal in world.deals_of(account) {
                    assert_eq!(world.account_of(deal), account);
                    seen += 1;
                }
            }
            assert_eq!(seen, opportunities);
        }
    }

    #[test]
    fn teams_are_a_tree_of_three_levels() {
        for reps in [1, 10, 11, 1_000, 12_345] {
            let world = World::new(&Options { reps, ..Options::until("2026-11-20".parse().unwrap()) });
            let teams = world.teams;
            for rep in 0..world.reps {
                let lowest = teams.of_rep(rep);
                assert!(lowest < teams.all());
                let between = teams.above(lowest).unwrap();
                assert!((1..=teams.between).contains(&between), "{reps} {rep} {between}");
                assert_eq!(teams.above(between), Some(0));
            }
            assert_eq!(teams.above(0), None);
        }
    }
}
