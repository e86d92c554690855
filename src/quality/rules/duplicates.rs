use super::rule;
use crate::crm::accounts::{Column as Account, Entity as Accounts};
use crate::crm::leads::{Column as Lead, Entity as Leads};
use crate::quality::rule::Severity::Warning;
use crate::quality::rule::{Check, Fold, Folded, Neighbour, Related, Rule, Which};
use crate::quality::terms::{Test, equal, of, set, text, unequal, unset};

const NAME: &str = "folded_name";
const COMPANY: &str = "folded_company";
const EMAIL: &str = "folded_email";
const FIRST: &str = "first_id";
const FIRST_BY_EMAIL: &str = "first_id_by_email";

pub(super) fn rules() -> Vec<Rule> {
    let name = Folded { name: NAME, column: "name", how: Fold::Name };
    let company = Folded { name: COMPANY, column: "company", how: Fold::Name };
    let email = Folded { name: EMAIL, column: "email", how: Fold::Email };
    let first = |name, among| Neighbour { name, which: Which::First, value: "id", among, by: "id" };
    let accounts = Related { folded: vec![name], neighbours: vec![first(FIRST, &[NAME])], ..Related::default() };
    let leads_by_email =
        Related { folded: vec![email], neighbours: vec![first(FIRST_BY_EMAIL, &[EMAIL])], ..Related::default() };
    let leads = Related {
        folded: vec![name, company, email],
        neighbours: vec![first(FIRST_BY_EMAIL, &[EMAIL]), first(FIRST, &[NAME, COMPANY])],
        ..Related::default()
    };
    let by_email = [set(text(EMAIL)), unequal(of(Lead::Id), text(FIRST_BY_EMAIL))];
    let not_by_email = Test::Any(vec![unset(text(EMAIL)), equal(of(Lead::Id), text(FIRST_BY_EMAIL))]);
    let by_name = [set(text(NAME)), set(text(COMPANY)), unequal(of(Lead::Id), text(FIRST)), not_by_email];
    vec![
        rule(
            "duplicate_account",
            Warning,
            "No two accounts have the same name, whatever its case, blanks, dots, quotes and legal form (Inc., \
             GmbH, ООО).",
            vec![
                Check::of::<Accounts>(
                    Account::Name,
                    Test::All(vec![set(text(NAME)), unequal(of(Account::Id), text(FIRST))]),
                    "another name than that of {}",
                )
                .limit(text(FIRST))
                .related(accounts),
            ],
        ),
        rule(
            "duplicate_lead",
            Warning,
            "No two leads have the same e-mail address, or the same name and company.",
            vec![
                Check::of::<Leads>(Lead::Email, Test::All(by_email.into()), "another address than that of {}")
                    .limit(text(FIRST_BY_EMAIL))
                    .related(leads_by_email),
                Check::of::<Leads>(Lead::Name, Test::All(by_name.into()), "another name or company than that of {}")
                    .limit(text(FIRST))
                    .related(leads),
            ],
        ),
    ]
}
