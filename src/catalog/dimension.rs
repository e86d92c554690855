use super::column::Column;
use crate::crm::{
    accounts, activities, campaigns, costs, customer_tenures, leads, mrr_movements, opportunities, orders, pipelines,
    products, reps, service_cases, social_posts, social_profile_snapshots, sources, stages, teams,
};

/// Something to group and filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Dimension {
    Account,
    ActivityKind,
    Campaign,
    CaseKind,
    Channel,
    ChurnReason,
    CostKind,
    Country,
    Currency,
    ForecastCategory,
    Industry,
    LossReason,
    Network,
    OrderKind,
    Pipeline,
    Priority,
    Product,
    Region,
    Rep,
    SaleType,
    Segment,
    Source,
    SourceKind,
    Stage,
    Team,
}

/// Where the values of a dimension are on record.
#[derive(Clone, Debug)]
pub struct Records {
    /// The columns that hold its ids.
    pub ids: Vec<Column>,
    /// The column beside the id that holds the label; none: the id is the label.
    pub label: Option<Column>,
    /// The other dimensions that the records can be filtered by, as the column of theirs that holds the key.
    pub paths: Vec<(Dimension, Column)>,
}

impl Dimension {
    /// All dimensions, in the order of their ids.
    pub const ALL: [Self; 25] = [
        Self::Account,
        Self::ActivityKind,
        Self::Campaign,
        Self::CaseKind,
        Self::Channel,
        Self::ChurnReason,
        Self::CostKind,
        Self::Country,
        Self::Currency,
        Self::ForecastCategory,
        Self::Industry,
        Self::LossReason,
        Self::Network,
        Self::OrderKind,
        Self::Pipeline,
        Self::Priority,
        Self::Product,
        Self::Region,
        Self::Rep,
        Self::SaleType,
        Self::Segment,
        Self::Source,
        Self::SourceKind,
        Self::Stage,
        Self::Team,
    ];

    /// What callers send.
    pub fn id(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ActivityKind => "activity_kind",
            Self::Campaign => "campaign",
            Self::CaseKind => "case_kind",
            Self::Channel => "channel",
            Self::ChurnReason => "churn_reason",
            Self::CostKind => "cost_kind",
            Self::Country => "country",
            Self::Currency => "currency",
            Self::ForecastCategory => "forecast_category",
            Self::Industry => "industry",
            Self::LossReason => "loss_reason",
            Self::Network => "network",
            Self::OrderKind => "order_kind",
            Self::Pipeline => "pipeline",
            Self::Priority => "priority",
            Self::Product => "product",
            Self::Region => "region",
            Self::Rep => "rep",
            Self::SaleType => "sale_type",
            Self::Segment => "segment",
            Self::Source => "source",
            Self::SourceKind => "source_kind",
            Self::Stage => "stage",
            Self::Team => "team",
        }
    }

    /// The dimension with an id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.id() == id)
    }

    /// Its values form a tree, and one stands for everything below it.
    pub fn hierarchical(self) -> bool {
        self == Self::Team
    }

    /// Where its values are on record.
    pub fn records(self) -> Records {
        let table = |id: Column, label: Column, paths: Vec<(Self, Column)>| Records {
            ids: vec![id],
            label: Some(label),
            paths,
        };
        let values = |ids: Vec<Column>| Records { ids, label: None, paths: Vec::new() };
        match self {
            Self::Account => table(
                accounts::Column::Id.into(),
                accounts::Column::Name.into(),
                vec![
                    (Self::Segment, accounts::Column::Segment.into()),
                    (Self::Region, accounts::Column::Region.into()),
                    (Self::Industry, accounts::Column::Industry.into()),
                    (Self::Country, accounts::Column::Country.into()),
                ],
            ),
            Self::Campaign => table(
                campaigns::Column::Id.into(),
                campaigns::Column::Name.into(),
                vec![(Self::Channel, campaigns::Column::Channel.into())],
            ),
            Self::Pipeline => table(pipelines::Column::Id.into(), pipelines::Column::Name.into(), Vec::new()),
            Self::Product => table(products::Column::Id.into(), products::Column::Name.into(), Vec::new()),
            Self::Rep => table(
                reps::Column::Id.into(),
                reps::Column::Name.into(),
                vec![(Self::Team, reps::Column::TeamId.into())],
            ),
            Self::Source => table(
                sources::Column::Id.into(),
                sources::Column::Name.into(),
                vec![(Self::SourceKind, sources::Column::Kind.into())],
            ),
            Self::Stage => table(
                stages::Column::Id.into(),
                stages::Column::Name.into(),
                vec![(Self::Pipeline, stages::Column::PipelineId.into())],
            ),
            Self::Team => table(teams::Column::Id.into(), teams::Column::Name.into(), Vec::new()),
            Self::ActivityKind => values(vec![activities::Column::Kind.into()]),
            Self::CaseKind => values(vec![service_cases::Column::Kind.into()]),
            Self::Channel => values(vec![
                campaigns::Column::Channel.into(),
                costs::Column::Channel.into(),
                service_cases::Column::Channel.into(),
            ]),
            Self::ChurnReason => values(vec![customer_tenures::Column::EndReason.into()]),
            Self::CostKind => values(vec![costs::Column::Kind.into()]),
            Self::Country => values(vec![accounts::Column::Country.into(), leads::Column::Country.into()]),
            Self::Currency => values(vec![
                orders::Column::Currency.into(),
                opportunities::Column::Currency.into(),
                costs::Column::Currency.into(),
                mrr_movements::Column::Currency.into(),
            ]),
            Self::ForecastCategory => values(vec![opportunities::Column::ForecastCategory.into()]),
            Self::Industry => values(vec![accounts::Column::Industry.into(), leads::Column::Industry.into()]),
            Self::LossReason => values(vec![opportunities::Column::LossReason.into()]),
            Self::Network => {
                values(vec![social_profile_snapshots::Column::Network.into(), social_posts::Column::Network.into()])
            }
            Self::OrderKind => values(vec![orders::Column::Kind.into()]),
            Self::SaleType => values(vec![opportunities::Column::SaleType.into()]),
            Self::Priority => values(vec![service_cases::Column::Priority.into()]),
            Self::Region => values(vec![
                accounts::Column::Region.into(),
                leads::Column::Region.into(),
                campaigns::Column::Region.into(),
                reps::Column::Region.into(),
            ]),
            Self::Segment => values(vec![
                accounts::Column::Segment.into(),
                leads::Column::Segment.into(),
                campaigns::Column::Segment.into(),
                reps::Column::Segment.into(),
            ]),
            Self::SourceKind => values(vec![sources::Column::Kind.into()]),
        }
    }
}
