//! An answer is the same by whichever RPC it comes.

use super::order::ordered_questions;
use super::{World, hold};
use crate::support::{Kind, on_every_database};
use crm_kpi::proto::{self, KpiQuery};
use proptest::prelude::*;

on_every_database!(a_stream_is_the_unary_answer_and_can_be_resumed_at_every_token, a_batch_is_its_single_answers,);

async fn a_stream_is_the_unary_answer_and_can_be_resumed_at_every_token(kind: Kind) {
    let world = &World::new(kind).await;
    hold((ordered_questions(world), 0..20i32, 1..12i32), |(mut query, limit, parts)| async move {
        query.group_by.retain(|dimension| dimension != "rep");
        query.limit = if limit < 10 { limit } else { 0 };
        let streamed = query.clone();
        query.group_by.insert(0, "rep".into());
        let unary = world.ask(&query).await;
        let rows = i32::try_from(unary.rows.len()).unwrap();
        let batch_rows = (rows / parts).max(1);
        let whole = world.server.stream(streamed.clone(), batch_rows).await;
        let header = |header: &Option<proto::ResultHeader>| {
            header.clone().map(|header| proto::ResultHeader { as_of: None, data_version: String::new(), ..header })
        };
        prop_assert_eq!(header(&whole.header), header(&unary.header));
        prop_assert_eq!(&whole.rows(), &unary.rows);
        prop_assert_eq!(&whole.totals(), &unary.totals);
        prop_assert_eq!(whole.summary.as_ref().unwrap().row_count, i64::from(rows));
        prop_assert!(whole.batches.iter().all(|batch| batch.rows.len() <= usize::try_from(batch_rows).unwrap()));
        let mut seen = 0;
        for batch in &whole.batches {
            seen += batch.rows.len();
            let request = proto::StreamRepBreakdownRequest {
                query: Some(streamed.clone()),
                resume_token: batch.resume_token.clone(),
                batch_rows: batch_rows + 1,
            };
            let rest = world.server.stream_request(request).await.unwrap();
            prop_assert_eq!(&rest.rows()[..], &unary.rows[seen..]);
            prop_assert_eq!(&rest.summary, &whole.summary);
        }
        Ok(())
    });
}

async fn a_batch_is_its_single_answers(kind: Kind) {
    let world = &World::new(kind).await;
    hold(prop::collection::vec(ordered_questions(world), 1..4), |queries| async move {
        let request = |query: &KpiQuery| proto::QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
        let batch = proto::BatchQueryKpisRequest { requests: queries.iter().map(request).collect() };
        let batch = world.server.client().batch_query_kpis(batch).await.unwrap().into_inner();
        prop_assert_eq!(batch.responses.len(), queries.len());
        for (query, together) in queries.iter().zip(&batch.responses) {
            let alone = world.server.client().query_kpis(request(query)).await.unwrap().into_inner();
            prop_assert_eq!(&together.rows, &alone.rows);
            prop_assert_eq!(&together.totals, &alone.totals);
            prop_assert_eq!(&together.etag, &alone.etag);
            prop_assert_eq!(&together.next_page_token, &alone.next_page_token);
        }
        Ok(())
    });
}
