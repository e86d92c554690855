//! Leads, campaigns and the responses to them, referrals, web sessions and mailing lists.

use super::dirt::{Dirt, edges};
use super::{CAMPAIGNS, REPS, SOURCES};
use chrono::TimeDelta;
use crm_kpi::crm::{campaign_responses, campaigns, leads, mailing_list_subscriptions, referrals, web_sessions};
use rand::RngExt;
use rand::seq::IndexedRandom;

pub const CHANNELS: [&str; 3] = ["email", "social", "event"];

impl Dirt {
    /// Segment, region, industry, country.
    pub fn market(&mut self) -> [Option<String>; 4] {
        [
            self.maybe(20, &["enterprise", "enterprise", "smb", "public"]),
            self.maybe(20, &["north", "south"]),
            self.maybe(20, &["retail", "energy"]),
            self.maybe(20, &["DE", "IR", "RU"]),
        ]
    }

    /// Qualified before they were created, converted without being qualified, or before.
    pub fn leads(&mut self) -> Vec<leads::Model> {
        use leads::Status::{Contacted, Converted, Disqualified, New, Qualified};
        let mut rows = Vec::new();
        for number in 0..260 {
            let [segment, region, industry, country] = self.market();
            let created_at = self.instant();
            let qualified_at = if self.chance(8) { self.instant() } else { self.later(created_at) };
            let converted_at = if self.chance(8) { self.instant() } else { self.later(qualified_at) };
            let statuses = [New, Contacted, Qualified, Disqualified, Converted];
            rows.push(leads::Model {
                id: format!("lead {number}"),
                rep_id: self.maybe(10, &REPS),
                source_id: self.maybe(15, &SOURCES),
                campaign_id: self.maybe(35, &CAMPAIGNS),
                account_id: self.account(),
                segment,
                region,
                industry,
                country,
                status: statuses.choose(&mut self.rng).copied().unwrap_or(New),
                created_at,
                qualified_at: (!self.chance(40)).then_some(qualified_at),
                converted_at: (!self.chance(55)).then_some(converted_at),
                ..Default::default()
            });
        }
        for (place, at) in edges().enumerate() {
            let month = TimeDelta::days(30);
            let events = [(at, None, None), (at - month, Some(at), None), (at - month, Some(at - month), Some(at))];
            for (step, (created_at, qualified_at, converted_at)) in events.into_iter().enumerate() {
                let like = rows[place * 3 + step].clone();
                let id = format!("lead at edge {place} {step}");
                rows.push(leads::Model { id, created_at, qualified_at, converted_at, ..like });
            }
        }
        rows
    }

    /// The campaigns that other rows name, and many that run for any time or, ending before they start, never.
    pub fn campaigns(&mut self) -> Vec<campaigns::Model> {
        let known = CAMPAIGNS.into_iter().filter(|&id| id != "gone");
        let ids: Vec<String> =
            known.map(Into::into).chain((0..70).map(|number| format!("campaign {number}"))).collect();
        let mut rows = Vec::new();
        for (place, id) in ids.into_iter().enumerate() {
            let [segment, region, industry, country] = self.market();
            let starts_at = self.instant();
            let ends_at = if self.chance(15) { self.instant() } else { self.later(starts_at) };
            rows.push(campaigns::Model {
                name: format!("Campaign {id}"),
                id,
                channel: if place < 2 { Some(CHANNELS[place].into()) } else { self.maybe(25, &CHANNELS) },
                source_id: self.maybe(15, &SOURCES),
                rep_id: self.maybe(10, &REPS),
                segment,
                region,
                industry,
                country,
                starts_at: (!self.chance(10)).then_some(starts_at),
                ends_at: (!self.chance(20)).then_some(ends_at),
                ..Default::default()
            });
        }
        for (place, at) in edges().enumerate() {
            let week = TimeDelta::days(7);
            for (step, (starts_at, ends_at)) in [(at, at + week), (at - week, at), (at, at)].into_iter().enumerate() {
                let id = format!("campaign at edge {place} {step}");
                let (starts_at, ends_at) = (Some(starts_at), Some(ends_at));
                let like = rows[place * 3 + step].clone();
                rows.push(campaigns::Model { name: id.clone(), id, starts_at, ends_at, ..like });
            }
        }
        rows
    }

    /// Also to campaigns that are not on record.
    pub fn campaign_responses(&mut self) -> Vec<campaign_responses::Model> {
        let mut rows = Vec::new();
        for campaign_id in CAMPAIGNS.into_iter().chain(["campaign 1", "gone too", ""]) {
            for number in 1..=self.rng.random_range(15..40) {
                rows.push(campaign_responses::Model {
                    campaign_id: campaign_id.into(),
                    number,
                    rep_id: self.maybe(10, &REPS),
                    account_id: self.account(),
                    lead_id: self.maybe(30, &["lead 1", "gone"]),
                    responded_at: self.instant(),
                    ..Default::default()
                });
            }
        }
        rows
    }

    pub fn referrals(&mut self) -> Vec<referrals::Model> {
        let mut rows = Vec::new();
        for number in 0..120 {
            rows.push(referrals::Model {
                id: format!("referral {number}"),
                account_id: self.account(),
                rep_id: self.maybe(10, &REPS),
                lead_id: self.maybe(30, &["lead 1", "gone"]),
                referred_at: self.instant(),
                ..Default::default()
            });
        }
        rows
    }

    /// Some last no time, or less than none, or for a time that nobody measured.
    pub fn web_sessions(&mut self) -> Vec<web_sessions::Model> {
        let mut rows = Vec::new();
        for number in 0..260 {
            let [segment, region, industry, country] = self.market();
            let duration = match self.rng.random_range(0..12) {
                0 => 0,
                1 => -self.rng.random_range(1..600),
                2 => 5_000_000_000,
                _ => self.rng.random_range(1..4_000),
            };
            rows.push(web_sessions::Model {
                id: format!("session {number}"),
                rep_id: self.maybe(25, &REPS),
                account_id: self.account(),
                lead_id: self.maybe(50, &["lead 1", "gone"]),
                source_id: self.maybe(15, &SOURCES),
                campaign_id: self.maybe(35, &CAMPAIGNS),
                segment,
                region,
                industry,
                country,
                started_at: self.instant(),
                duration_seconds: (!self.chance(20)).then_some(duration),
                page_views: if self.chance(10) { 0 } else { self.rng.random_range(1..30) },
                goal_completed: self.chance(35),
                ..Default::default()
            });
        }
        rows
    }

    /// The same address twice, left when it came or before, and around every edge.
    pub fn mailing_list_subscriptions(&mut self) -> Vec<mailing_list_subscriptions::Model> {
        let mut rows = Vec::new();
        for number in 0..220 {
            let [segment, region, industry, country] = self.market();
            let subscribed_at = self.instant();
            let unsubscribed_at = if self.chance(10) { self.instant() } else { self.later(subscribed_at) };
            rows.push(mailing_list_subscriptions::Model {
                id: format!("address {number}"),
                email: match number % 20 {
                    7 => None,
                    8 => Some(String::new()),
                    _ => Some(format!("somebody-{}@example.com", number / 2)),
                },
                list: self.maybe(20, &["news", "offers"]),
                rep_id: self.maybe(15, &REPS),
                account_id: self.account(),
                source_id: self.maybe(15, &SOURCES),
                campaign_id: self.maybe(35, &CAMPAIGNS),
                segment,
                region,
                industry,
                country,
                subscribed_at,
                unsubscribed_at: (!self.chance(45)).then_some(unsubscribed_at),
                ..Default::default()
            });
        }
        for (place, at) in edges().enumerate() {
            let week = TimeDelta::days(7);
            let stretches = [(at, None), (at - week, Some(at)), (at, Some(at)), (at, Some(at + week))];
            for (step, (subscribed_at, unsubscribed_at)) in stretches.into_iter().enumerate() {
                let id = format!("address at edge {place} {step}");
                let like = rows[place * 4 + step].clone();
                rows.push(mailing_list_subscriptions::Model { id, subscribed_at, unsubscribed_at, ..like });
            }
        }
        rows
    }
}
