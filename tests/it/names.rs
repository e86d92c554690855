//! Names and definitions in English, Persian and Russian.

use crate::support::{Kind, Refusal, TestDatabase, TestServer, on_every_database, query_of};
use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::names::{self, Language};
use crm_kpi::proto::{KpiQuery, ListKpisRequest, ListKpisResponse, QueryKpisRequest, StreamRepBreakdownRequest};
use std::collections::BTreeSet;
use tonic::Code::InvalidArgument;

on_every_database!(
    the_catalogue_is_told_in_a_language,
    a_word_of_any_language_finds_a_kpi,
    a_header_names_things_in_a_language,
    what_is_no_language_tag_is_refused,
);

/// The names that a language itself has, without English in its place.
fn name(language: Language, key: &str) -> &'static str {
    let message = names::messages(language).get(key).unwrap_or_else(|| panic!("{language:?} lacks {key}"));
    assert!(!message.name.trim().is_empty(), "{language:?} has an empty name for {key}");
    &message.name
}

#[test]
fn everything_has_a_name_in_every_language() {
    for language in Language::ALL {
        let mut taken = BTreeSet::new();
        for kpi in Catalog::get().kpis() {
            let name = name(language, kpi.id);
            assert!(taken.insert(name), "{language:?} has two KPIs named {name}");
            let definition = names::messages(language)[kpi.id].definition.as_deref().unwrap_or_default();
            assert!(definition.ends_with('.'), "{language:?} has no sentence that defines {}", kpi.id);
            self::name(language, &format!("family-{}", kpi.family.id()));
        }
        for dimension in Dimension::ALL {
            name(language, &format!("dimension-{}", dimension.id()));
        }
    }
}

#[test]
fn the_resources_of_all_languages_have_the_same_messages() {
    let ids = |language| names::messages(language).keys().collect::<Vec<_>>();
    let defined = |language| {
        let messages = names::messages(language).iter();
        messages.filter(|(_, message)| message.definition.is_some()).map(|(id, _)| id).collect::<Vec<_>>()
    };
    for language in Language::ALL {
        assert_eq!(ids(language), ids(Language::English), "{language:?}");
        assert_eq!(defined(language), defined(Language::English), "{language:?}");
    }
}

async fn list(server: &TestServer, search: &str, language_code: &str) -> ListKpisResponse {
    let request = ListKpisRequest { search: search.into(), language_code: language_code.into(), available_only: false };
    server.client().list_kpis(request).await.unwrap().into_inner()
}

async fn the_catalogue_is_told_in_a_language(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    for (codes, name, begin, rep) in [
        (["", "en-US", "de"], "Total sales", "The sum of order amounts", "Rep"),
        (["fa", "fa-IR", "FA-Arab-IR-u-nu-latn"], "فروش کل", "مجموع مبلغ سفارش‌ها", "کارشناس فروش"),
        (["ru", "ru-RU", "RU-Cyrl"], "Общий объём продаж", "Сумма заказов", "Менеджер по продажам"),
    ] {
        for code in codes {
            let answer = list(&server, "", code).await;
            let kpi = answer.kpis.iter().find(|kpi| kpi.id == "total_sales").unwrap();
            assert_eq!(kpi.name, name, "{code}");
            assert!(kpi.definition.starts_with(begin), "{code}: {}", kpi.definition);
            assert_eq!(answer.dimensions.iter().find(|dimension| dimension.id == "rep").unwrap().name, rep, "{code}");
            assert_eq!(answer.kpis.len(), Catalog::get().kpis().len());
        }
    }
}

async fn a_word_of_any_language_finds_a_kpi(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    for (id, words) in [
        ("open_opportunities", ["open_opportunities", "funnel", "قیف", "воронка", "ВОРОНКА ПРОДАЖ"]),
        ("sales_cycle_length", ["Sales Cycle", "چرخه", "ميانگين زمان", "цикла продаж", "КОНТАКТА"]),
        ("cross_sell_rate", ["cross-sell", "فروش متقاطع", "перекрестных", "ПЕРЕКРЁСТНЫХ", "product beside"]),
        ("annualized_won_value", ["ACV", "acv", "سالانه شده", "в пересчете на год", "twelve times"]),
        ("lost_customers", ["churn", "отток", "ریزش", "از دست رفته", "ушедшие"]),
    ] {
        for word in words {
            let found = list(&server, word, "ru").await;
            assert!(found.kpis.iter().any(|kpi| kpi.id == id), "{word} does not find {id}");
            assert!(found.kpis.len() < Catalog::get().kpis().len(), "{word} finds everything");
        }
    }
    let found = list(&server, "میانگین تراکنش", "").await.kpis;
    assert_eq!(found.iter().map(|kpi| kpi.name.as_str()).collect::<Vec<_>>(), ["Average sale value"]);
    assert!(list(&server, "нет такого", "ru").await.kpis.is_empty());
}

fn by_rep(language_code: &str) -> KpiQuery {
    KpiQuery { group_by: vec!["rep".into()], language_code: language_code.into(), ..query_of(&["win_rate"]) }
}

async fn a_header_names_things_in_a_language(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let mut etags = BTreeSet::new();
    for (code, kpi, rep) in [
        ("", "Win rate", "Rep"),
        ("fa-IR", "نرخ برد", "کارشناس فروش"),
        ("ru", "Доля выигранных возможностей", "Менеджер по продажам"),
    ] {
        let answer = server.query(by_rep(code)).await;
        let header = answer.header.unwrap();
        assert_eq!((header.columns[0].name.as_str(), header.keys[0].name.as_str()), (kpi, rep));
        let streamed = server.stream(by_rep(code), 0).await.header.unwrap();
        assert_eq!((streamed.columns, streamed.keys), (header.columns, header.keys));
        assert!(etags.insert(answer.etag), "{code} has another language's etag");
    }
    for same in ["en", "de"] {
        assert!(etags.contains(&server.query(by_rep(same)).await.etag), "{same} is answered in English");
    }
}

async fn what_is_no_language_tag_is_refused(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let mut client = server.client();
    for code in ["fa_IR", "فارسی", " ", "-"] {
        let request = ListKpisRequest { language_code: code.into(), ..Default::default() };
        let refused = Refusal::of(&client.list_kpis(request).await.unwrap_err());
        refused.must_be(InvalidArgument, "INVALID_REQUEST", &[("language_code", "\"fa-IR\"")]);
        let query = Some(by_rep(code));
        let request = QueryKpisRequest { query: query.clone(), ..Default::default() };
        let refused = Refusal::of(&client.query_kpis(request).await.unwrap_err());
        refused.must_be(InvalidArgument, "INVALID_REQUEST", &[("query.language_code", "\"fa-IR\"")]);
        let request = StreamRepBreakdownRequest { query, ..Default::default() };
        let refused = Refusal::of(&client.stream_rep_breakdown(request).await.unwrap_err());
        refused.must_be(InvalidArgument, "INVALID_REQUEST", &[("query.language_code", "\"fa-IR\"")]);
    }
    let request = QueryKpisRequest {
        query: Some(KpiQuery { kpi_ids: vec!["win_rat".into()], ..by_rep("x") }),
        ..Default::default()
    };
    let refused = Refusal::of(&client.query_kpis(request).await.unwrap_err());
    let both = [("query.kpi_ids[0]", "win_rate"), ("query.language_code", "\"x\" is not a BCP 47 language tag")];
    refused.must_be(InvalidArgument, "INVALID_REQUEST", &both);
}
