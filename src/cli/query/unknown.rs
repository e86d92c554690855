use crate::cli::connection::Client;
use crate::cli::output;
use crate::convert::nearest;
use crate::names::{self, Language, Part, phrase};
use crate::proto;
use tonic::Status;

/// Values that are looked through for the nearest one.
const CANDIDATES: i32 = 1000;

/// Warns of values in filters that no record has: an answer of nothing may be a typing error. A service that does not tell its
/// values has none that are unknown.
pub(super) async fn warn(client: &mut Client, filters: &[proto::Filter], language: Language) {
    for filter in filters {
        for value in filter.any_of.iter().chain(&filter.none_of).filter(|value| !value.is_empty()) {
            if let Ok(Some(warning)) = unknown(client, &filter.dimension, value, language).await {
                output::warn(warning);
            }
        }
    }
}

/// What to say of a value that no record has.
async fn unknown(
    client: &mut Client,
    dimension: &str,
    value: &str,
    language: Language,
) -> Result<Option<String>, Status> {
    let mut request = proto::ListDimensionValuesRequest {
        dimension: dimension.into(),
        search: value.into(),
        page_size: CANDIDATES,
        ..Default::default()
    };
    loop {
        let page = client.list_dimension_values(request.clone()).await?.into_inner();
        if page.values.iter().any(|known| known.id == value) {
            return Ok(None);
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let any = proto::ListDimensionValuesRequest { search: String::new(), page_token: String::new(), ..request };
    let known = client.list_dimension_values(any).await?.into_inner().values;
    let texts = known.iter().flat_map(|known| [known.id.as_str(), known.label.as_str()]);
    let near =
        nearest(value, texts).and_then(|near| known.iter().find(|known| known.id == near || known.label == near));
    let (value, named) = (format!("{value:?}"), names::dimension(dimension, language));
    let nearest = near.map(|near| format!("{:?}", near.id));
    let id = if nearest.is_some() { "unknown-value" } else { "unknown-value-alone" };
    let told = [
        ("value", value.as_str()),
        ("dimension", named),
        ("id", dimension),
        ("nearest", nearest.as_deref().unwrap_or_default()),
    ];
    Ok(Some(phrase(id, language, &told.map(|(name, text)| (name, Part::Text(text))))))
}
