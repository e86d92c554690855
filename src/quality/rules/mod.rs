/// Opportunities and the instants of their lives.
mod deals;
/// Records that are there twice.
mod duplicates;
/// Stays of opportunities and leads in their stages, tenures of customers.
mod histories;
/// Records without an owner, a source, an account, a reason.
mod missing;
/// Amounts, currencies, recurring values.
mod money;
/// Orders and what they refund.
mod orders;
/// References that lead to nothing.
mod references;
/// Numbers off their scale.
mod scales;
/// Texts that are spelled in several ways.
mod spellings;
/// Targets and the rates that amounts are converted with.
mod targets;
/// What ends before it starts, or is answered before it is asked.
mod times;
/// Words and times that a column cannot hold.
mod values;

use super::rule::{Check, Rule, Severity};
use std::sync::LazyLock;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    [
        deals::rules(),
        histories::rules(),
        times::rules(),
        orders::rules(),
        references::rules(),
        money::rules(),
        targets::rules(),
        scales::rules(),
        values::rules(),
        duplicates::rules(),
        spellings::rules(),
        missing::rules(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

impl Rule {
    /// All rules, in the order that they are checked in.
    pub fn all() -> &'static [Self] {
        &RULES
    }

    /// The rule with an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|rule| rule.id == id)
    }
}

fn rule(id: &'static str, severity: Severity, law: &'static str, checks: Vec<Check>) -> Rule {
    Rule { id, severity, law, checks, texts: Vec::new() }
}
