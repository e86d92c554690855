use super::keys::{account_id, deal_id, lead_id, product_id, rep_id};
use crate::crm;
use crate::demo::activity::{Subject, activities};
use crate::demo::calendar::instant;
use crate::demo::dataset::Dataset;
use crate::demo::usage::sign_ins;

impl Dataset {
    /// Activities by time.
    pub fn activities(&self) -> impl Iterator<Item = crm::activities::Model> {
        activities(self).enumerate().map(|(place, activity)| {
            let (account, lead, deal) = match activity.subject {
                Subject::Stranger => (None, None, None),
                Subject::Lead(lead) => (None, Some(lead), None),
                Subject::Deal(deal) => (Some(self.deals[deal].account), None, Some(deal)),
                Subject::Customer(account) => (Some(account), None, None),
            };
            crm::activities::Model {
                id: format!("act-{:08}", place + 1),
                kind: activity.kind,
                direction: activity.direction,
                rep_id: Some(rep_id(activity.rep)),
                account_id: account.map(account_id),
                lead_id: lead.map(lead_id),
                opportunity_id: deal.map(deal_id),
                prospecting: activity.prospecting,
                personalized: activity.personalized,
                occurred_at: instant(activity.at),
            }
        })
    }

    /// What social networks show of profiles, by time.
    pub fn social_profile_snapshots(&self) -> impl Iterator<Item = crm::social_profile_snapshots::Model> {
        self.snapshots.iter().enumerate().map(|(place, snapshot)| crm::social_profile_snapshots::Model {
            id: format!("snap-{:07}", place + 1),
            rep_id: Some(rep_id(snapshot.rep)),
            network: Some(snapshot.network.to_owned()),
            followers: Some(snapshot.followers),
            strength: Some(snapshot.strength),
            profile_views: snapshot.views,
            requests_sent: snapshot.sent,
            requests_accepted: snapshot.accepted,
            inbound_requests: snapshot.inbound,
            taken_at: instant(snapshot.at),
            replaced_at: snapshot.replaced.map(instant),
        })
    }

    /// Posts by time.
    pub fn social_posts(&self) -> impl Iterator<Item = crm::social_posts::Model> {
        self.posts.iter().enumerate().map(|(place, post)| crm::social_posts::Model {
            id: format!("post-{:07}", place + 1),
            rep_id: Some(rep_id(post.rep)),
            network: Some(post.network.to_owned()),
            shares: post.shares,
            comments: post.comments,
            likes: post.likes,
            published_at: instant(post.at),
        })
    }

    /// Trainings by time.
    pub fn training_results(&self) -> impl Iterator<Item = crm::training_results::Model> {
        self.trainings.iter().enumerate().map(|(place, training)| crm::training_results::Model {
            id: format!("train-{:06}", place + 1),
            rep_id: Some(rep_id(training.rep)),
            product_id: Some(product_id(training.product)),
            score: Some(training.score),
            completed_at: instant(training.at),
        })
    }

    /// Sign-ins by time.
    pub fn sign_ins(&self) -> impl Iterator<Item = crm::sign_ins::Model> {
        sign_ins(self).enumerate().map(|(place, sign_in)| crm::sign_ins::Model {
            id: format!("sign-{:08}", place + 1),
            rep_id: Some(rep_id(sign_in.rep)),
            signed_in_at: instant(sign_in.at),
        })
    }
}
