use super::column::Column;
use crate::crm::{accounts, customer_tenures, opportunities, orders, products, reps, sources, stages, teams};

/// Something to group and filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Dimension {
    Account,
    ChurnReason,
    Country,
    Currency,
    Industry,
    LossReason,
    OrderKind,
    Product,
    Region,
    Rep,
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
    /// The dimensions that the records can be filtered by, as the column of theirs that holds the key.
    pub paths: Vec<(Dimension, Column)>,
}

impl Dimension {
    /// All dimensions, in the order of their ids.
    pub const ALL: [Self; 15] = [
        Self::Account,
        Self::ChurnReason,
        Self::Country,
        Self::Currency,
        Self::Industry,
        Self::LossReason,
        Self::OrderKind,
        Self::Product,
        Self::Region,
        Self::Rep,
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
            Self::ChurnReason => "churn_reason",
            Self::Country => "country",
            Self::Currency => "currency",
            Self::Industry => "industry",
            Self::LossReason => "loss_reason",
            Self::OrderKind => "order_kind",
            Self::Product => "product",
            Self::Region => "region",
            Self::Rep => "rep",
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
        let table = |id: Column, label: Column, others: &[(Self, Column)]| Records {
            ids: vec![id],
            label: Some(label),
            paths: [(self, id)].into_iter().chain(others.iter().copied()).collect(),
        };
        let values = |id: Column| Records { ids: vec![id], label: None, paths: vec![(self, id)] };
        match self {
            Self::Account => table(
                accounts::Column::Id.into(),
                accounts::Column::Name.into(),
                &[
                    (Self::Segment, accounts::Column::Segment.into()),
                    (Self::Region, accounts::Column::Region.into()),
                    (Self::Industry, accounts::Column::Industry.into()),
                    (Self::Country, accounts::Column::Country.into()),
                ],
            ),
            Self::Product => table(products::Column::Id.into(), products::Column::Name.into(), &[]),
            Self::Rep => {
                table(reps::Column::Id.into(), reps::Column::Name.into(), &[(Self::Team, reps::Column::TeamId.into())])
            }
            Self::Source => table(
                sources::Column::Id.into(),
                sources::Column::Name.into(),
                &[(Self::SourceKind, sources::Column::Kind.into())],
            ),
            Self::Stage => table(stages::Column::Id.into(), stages::Column::Name.into(), &[]),
            Self::Team => table(teams::Column::Id.into(), teams::Column::Name.into(), &[]),
            Self::ChurnReason => values(customer_tenures::Column::EndReason.into()),
            Self::Country => values(accounts::Column::Country.into()),
            Self::Currency => {
                let ids = vec![orders::Column::Currency.into(), opportunities::Column::Currency.into()];
                Records { ids, label: None, paths: Vec::new() }
            }
            Self::Industry => values(accounts::Column::Industry.into()),
            Self::LossReason => values(opportunities::Column::LossReason.into()),
            Self::OrderKind => values(orders::Column::Kind.into()),
            Self::Region => values(accounts::Column::Region.into()),
            Self::Segment => values(accounts::Column::Segment.into()),
            Self::SourceKind => values(sources::Column::Kind.into()),
        }
    }
}
