use super::source;
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;

source! {
    /// Calls, e-mails, meetings and messages.
    activities of activities: Source::new("activities", C::RepId)
        .by_rep()
        .by_account(C::AccountId)
        .by(Dimension::ActivityKind, C::Kind)
}

source! {
    /// Snapshots of reps' social profiles.
    profiles of social_profile_snapshots: Source::new("profiles", C::RepId)
        .by_serving_rep()
        .by(Dimension::Network, C::Network)
}

source! {
    /// Reps' posts on social networks.
    social_posts of social_posts: Source::new("social_posts", C::RepId)
        .by_serving_rep()
        .by(Dimension::Network, C::Network)
}

source! {
    /// Product trainings that reps completed.
    trainings of training_results: Source::new("trainings", C::RepId)
        .by_serving_rep()
        .by(Dimension::Product, C::ProductId)
}

source! {
    /// Reps' sign-ins to the CRM.
    sign_ins of sign_ins: Source::new("sign_ins", C::RepId).by_serving_rep()
}

source! {
    /// The reps themselves, and when they were employed.
    employment of reps: Source::new("employment", C::Id).by_serving_rep()
}
