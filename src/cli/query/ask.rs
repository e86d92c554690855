use super::Answer;
use crate::cli::Failure;
use crate::cli::connection::Client;
use crate::proto;
use crate::proto::stream_rep_breakdown_response::Frame;
use tonic::Code;

/// How often pages are begun again because the data changed between them.
const MAX_RESTARTS: u32 = 3;

/// All pages of QueryKpis.
pub(super) async fn pages(mut client: Client, query: proto::KpiQuery) -> Result<Answer, Failure> {
    let mut restarts = 0;
    let mut answer = Answer::default();
    let mut request = proto::QueryKpisRequest { query: Some(query), ..Default::default() };
    loop {
        let is_first = request.page_token.is_empty();
        let page = match client.query_kpis(request.clone()).await {
            Ok(page) => page.into_inner(),
            Err(status) if status.code() == Code::Aborted && restarts < MAX_RESTARTS => {
                restarts += 1;
                answer = Answer::default();
                request.page_token.clear();
                continue;
            }
            Err(status) => return Err(status.into()),
        };
        if is_first {
            answer.header = page.header.unwrap_or_default();
            answer.totals = page.totals;
        }
        answer.rows.extend(page.rows);
        if page.next_page_token.is_empty() {
            return Ok(answer);
        }
        request.page_token = page.next_page_token;
    }
}

/// A whole stream of StreamRepBreakdown.
pub(super) async fn stream(mut client: Client, query: proto::KpiQuery) -> Result<Answer, Failure> {
    let request = proto::StreamRepBreakdownRequest { query: Some(query), ..Default::default() };
    let mut messages = client.stream_rep_breakdown(request).await?.into_inner();
    let mut answer = Answer::default();
    while let Some(message) = messages.message().await? {
        match message.frame {
            Some(Frame::Header(header)) => answer.header = header,
            Some(Frame::Batch(batch)) => answer.rows.extend(batch.rows),
            Some(Frame::Summary(summary)) => {
                answer.totals = summary.totals;
                return Ok(answer);
            }
            None => {}
        }
    }
    Err(Failure::new("the stream was cut off").hint("Try again"))
}
