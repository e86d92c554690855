use crate::crm;
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::next_month;
use crate::generate::vocabulary::CURRENCY;
use crate::generate::world::World;
use chrono::NaiveDate;

/// The KPIs that the company has targets of; teams and reps have one of the first.
const COMPANY_KPIS: [&str; 3] = ["won_value", "total_sales", "win_rate"];

/// Currencies with rates against the dollar, each with what it is worth at first, in ten thousandths.
const RATES: [(&str, i64); 3] = [("EUR", 10_900), ("GBP", 12_700), ("CHF", 11_200)];

/// Whom a target is for.
enum Whose {
    Company(&'static str),
    Team(u64),
    Rep(u64),
}

impl World {
    /// The teams and the reps that have targets: as many as a twentieth of the deals allows.
    fn planned(&self) -> (u64, u64) {
        let most = self.deals / 20 / self.span.months.len().max(1) as u64;
        (self.teams.lowest.min(most.max(1)), self.reps.min(most.max(1)))
    }

    fn targets_a_month(&self) -> u64 {
        let (teams, reps) = self.planned();
        COMPANY_KPIS.len() as u64 + teams + reps
    }

    pub fn targets(&self) -> u64 {
        self.targets_a_month() * self.span.months.len() as u64
    }

    pub fn target_row(&self, number: u64) -> Option<crm::targets::Model> {
        let month = self.span.months.get((number / self.targets_a_month()) as usize)?;
        let place = number % self.targets_a_month();
        let (teams, _) = self.planned();
        let whose = match place.checked_sub(COMPANY_KPIS.len() as u64) {
            None => Whose::Company(COMPANY_KPIS[place as usize]),
            Some(team) if team < teams => Whose::Team(1 + self.teams.between + team),
            Some(rep) => Whose::Rep(rep - teams),
        };
        let mut draw = self.draw(Stream::Target, number);
        let percent = draw.between(80, 120);
        let dollars = |of: u64| format!("{}.00", self.month_won() * percent / 100 / of.max(1) as i64);
        let (kpi, value) = match whose {
            Whose::Company("win_rate") => ("win_rate", "0.45".to_owned()),
            Whose::Company(kpi) => (kpi, dollars(1)),
            Whose::Team(_) => (COMPANY_KPIS[0], dollars(self.teams.lowest)),
            Whose::Rep(_) => (COMPANY_KPIS[0], dollars(self.reps)),
        };
        Some(crm::targets::Model {
            id: keys::other("tgt", number),
            kpi_id: kpi.into(),
            rep_id: if let Whose::Rep(rep) = whose { Some(keys::rep(rep)) } else { None },
            team_id: if let Whose::Team(team) = whose { Some(keys::team(team)) } else { None },
            first_date: *month,
            last_date: last_of(*month),
            value,
            currency: (kpi != "win_rate").then(|| CURRENCY.into()),
        })
    }

    /// About what is won in a month, in dollars.
    fn month_won(&self) -> i64 {
        const WON_OF_A_DEAL: i64 = 6_800;
        let months = self.span.months.len().max(1) as i64;
        self.deals as i64 * WON_OF_A_DEAL / months
    }

    pub fn rates(&self) -> u64 {
        (RATES.len() * self.span.months.len()) as u64
    }

    pub fn rate_row(&self, number: u64) -> Option<crm::exchange_rates::Model> {
        let months = self.span.months.len() as u64;
        let (currency, start) = RATES.get((number / months.max(1)) as usize)?;
        let valid_from = *self.span.months.get((number % months.max(1)) as usize)?;
        let rate = start + self.draw(Stream::Rate, number).between(-400, 400);
        Some(crm::exchange_rates::Model {
            currency: (*currency).to_owned(),
            quote_currency: CURRENCY.into(),
            valid_from,
            rate: format!("{}.{:04}", rate / 10_000, rate % 10_000),
        })
    }
}

fn last_of(first: NaiveDate) -> NaiveDate {
    next_month(first).pred_opt().unwrap_or(first)
}
