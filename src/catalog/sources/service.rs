use super::source;
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;

source! {
    /// Service cases, credited to who handles them.
    service_cases of service_cases: Source::new("service_cases", C::RepId)
        .by_rep()
        .by_account(C::AccountId)
        .by(Dimension::CaseKind, C::Kind)
        .by(Dimension::Priority, C::Priority)
        .by(Dimension::Channel, C::Channel)
        .by(Dimension::Product, C::ProductId)
}

source! {
    /// Calls to the service desk, credited to who took them or would have.
    service_calls of service_calls: Source::new("service_calls", C::RepId).by_rep().by_account(C::AccountId)
}

source! {
    /// Customers' answers to surveys, credited to whose work they are about.
    survey_answers of survey_answers: Source::new("survey_answers", C::RepId)
        .by_rep()
        .by_account(C::AccountId)
        .by(Dimension::Product, C::ProductId)
}
