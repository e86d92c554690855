use super::language::{Derive, Missing};
use super::plan::Section;
use super::rows::Entities;
use super::table::Table;
use crate::crm::{
    accounts, customer_tenures, exchange_rates, opportunities, opportunity_stages, orders, products, proposals, reps,
    sources, stages, targets, teams,
};
use crate::database::{delete_all, upsert};
use crate::import::progress::Progress;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    QuerySelect,
};
use std::collections::HashSet;

/// Rows that are written before the progress is shown again.
const ROWS_A_TICK: usize = 5_000;

/// Keys that a statement names at most.
const KEYS_A_STATEMENT: usize = 10_000;

/// Writes rows to the database, inside a transaction.
pub struct Writer<'a, C> {
    pub connection: &'a C,
    pub progress: Progress,
    pub sections: &'a [Section],
    pub derive: Derive,
    /// Tables with bad rows: what they miss is not deleted.
    pub incomplete: &'a dyn Fn(Table) -> bool,
    /// What was written, table by table.
    pub written: Vec<(&'static str, usize)>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

impl<C: ConnectionTrait> Writer<'_, C> {
    /// Writes everything: rows with the same key are replaced; the stays, proposals and tenures of a parent are
    /// replaced as a whole.
    pub async fn write(&mut self, entities: Entities) -> Result<(), DbErr> {
        self.delete_missing(&entities).await?;
        if self.derive.orders {
            self.delete_orders_of_unwon(&entities).await?;
        }
        self.table(Table::Teams, entities.teams).await?;
        self.table(Table::Reps, entities.reps).await?;
        self.table(Table::Accounts, entities.accounts).await?;
        self.table(Table::Sources, entities.sources).await?;
        self.table(Table::Products, entities.products).await?;
        self.table(Table::Stages, entities.stages).await?;

        let stays = entities.opportunity_stages;
        let mut parents: HashSet<String> = stays.iter().map(|stay| stay.opportunity_id.clone()).collect();
        if self.derive.stage_history {
            parents.extend(entities.opportunities.iter().map(|deal| deal.id.clone()));
        }
        self.table(Table::Opportunities, entities.opportunities).await?;
        self.delete(opportunity_stages::Column::OpportunityId, parents).await?;
        self.table(Table::OpportunityStages, stays).await?;

        let parents = entities.proposals.iter().map(|proposal| proposal.opportunity_id.clone()).collect();
        self.delete(proposals::Column::OpportunityId, parents).await?;
        self.table(Table::Proposals, entities.proposals).await?;

        self.table(Table::Orders, entities.orders).await?;

        let parents = entities.customer_tenures.iter().map(|tenure| tenure.account_id.clone()).collect();
        self.delete(customer_tenures::Column::AccountId, parents).await?;
        self.table(Table::CustomerTenures, entities.customer_tenures).await?;
        self.table(Table::Targets, entities.targets).await?;
        self.table(Table::ExchangeRates, entities.exchange_rates).await
    }

    async fn table<M>(&mut self, table: Table, rows: Vec<M>) -> Result<(), DbErr>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        if rows.is_empty() {
            return Ok(());
        }
        self.written.push((table.name(), rows.len()));
        let mut step = self.progress.step(&format!("write {}", table.name()), rows.len());
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<_> = rows.by_ref().take(ROWS_A_TICK).map(IntoActiveModel::into_active_model).collect();
            let size = chunk.len();
            upsert(self.connection, chunk).await?;
            step.advance(size);
        }
        Ok(())
    }

    /// Deletes the rows with these keys.
    async fn delete<K>(&self, column: K, keys: HashSet<String>) -> Result<(), DbErr>
    where
        K: ColumnTrait,
        K::EntityName: EntityTrait,
    {
        let mut keys = keys.into_iter().peekable();
        while keys.peek().is_some() {
            let chunk: Vec<_> = keys.by_ref().take(KEYS_A_STATEMENT).collect();
            K::EntityName::delete_many().filter(column.is_in(chunk)).exec(self.connection).await?;
        }
        Ok(())
    }

    /// Deletes the orders that an earlier import has made of deals that make none now.
    async fn delete_orders_of_unwon(&self, entities: &Entities) -> Result<(), DbErr> {
        let with_order: HashSet<_> = entities.orders.iter().map(|order| order.id.as_str()).collect();
        let deals = entities.opportunities.iter().map(|deal| &deal.id);
        self.delete_orders_made_of(deals.filter(|id| !with_order.contains(id.as_str())).cloned().collect()).await
    }

    async fn delete_orders_made_of(&self, deals: Vec<String>) -> Result<(), DbErr> {
        use orders::Column as C;
        for deals in deals.chunks(KEYS_A_STATEMENT) {
            let made_of_it = Expr::col(C::OpportunityId).eq(Expr::col(C::Id));
            orders::Entity::delete_many()
                .filter(C::Id.is_in(deals.to_vec()))
                .filter(made_of_it)
                .exec(self.connection)
                .await?;
        }
        Ok(())
    }

    /// Deletes what the files no longer have, from the tables that the mapping says so for.
    async fn delete_missing(&mut self, entities: &Entities) -> Result<(), DbErr> {
        macro_rules! keys {
            ($rows:ident, $key:ident) => {
                entities.$rows.iter().map(|row| row.$key.as_str()).collect::<HashSet<_>>()
            };
        }
        for table in Table::ALL {
            let asked = |section: &Section| section.table == table && section.missing == Missing::Delete;
            if !self.sections.iter().any(asked) {
                continue;
            }
            if (self.incomplete)(table) {
                self.notes.push(format!("{} has bad rows: what its files miss was not deleted", table.name()));
                continue;
            }
            match table {
                Table::Teams => self.delete_others(teams::Column::Id, keys!(teams, id)).await?,
                Table::Reps => self.delete_others(reps::Column::Id, keys!(reps, id)).await?,
                Table::Accounts => self.delete_others(accounts::Column::Id, keys!(accounts, id)).await?,
                Table::Sources => self.delete_others(sources::Column::Id, keys!(sources, id)).await?,
                Table::Products => self.delete_others(products::Column::Id, keys!(products, id)).await?,
                Table::Stages => self.delete_others(stages::Column::Id, keys!(stages, id)).await?,
                Table::Opportunities => {
                    let gone = self.delete_others(opportunities::Column::Id, keys!(opportunities, id)).await?;
                    self.delete(opportunity_stages::Column::OpportunityId, gone.iter().cloned().collect()).await?;
                    self.delete(proposals::Column::OpportunityId, gone.iter().cloned().collect()).await?;
                    if self.derive.orders {
                        self.delete_orders_made_of(gone.clone()).await?;
                    }
                    gone
                }
                Table::OpportunityStages => {
                    let kept = keys!(opportunity_stages, opportunity_id);
                    self.delete_others(opportunity_stages::Column::OpportunityId, kept).await?
                }
                Table::Proposals => {
                    self.delete_others(proposals::Column::OpportunityId, keys!(proposals, opportunity_id)).await?
                }
                Table::Orders => self.delete_others(orders::Column::Id, keys!(orders, id)).await?,
                Table::CustomerTenures => {
                    let kept = keys!(customer_tenures, account_id);
                    self.delete_others(customer_tenures::Column::AccountId, kept).await?
                }
                Table::Targets => self.delete_others(targets::Column::Id, keys!(targets, id)).await?,
                Table::ExchangeRates => {
                    // Those of the files are written after this.
                    delete_all::<exchange_rates::Entity, _>(self.connection).await?;
                    Vec::new()
                }
            };
        }
        Ok(())
    }

    /// Deletes the rows with other keys than these. Returns the keys of those deleted.
    async fn delete_others<K>(&self, column: K, kept: HashSet<&str>) -> Result<Vec<String>, DbErr>
    where
        K: ColumnTrait,
        K::EntityName: EntityTrait,
    {
        let stored = K::EntityName::find().select_only().column(column).distinct();
        let stored: Vec<String> = stored.into_tuple().all(self.connection).await?;
        let gone: Vec<String> = stored.into_iter().filter(|key| !kept.contains(key.as_str())).collect();
        self.delete(column, gone.iter().cloned().collect()).await?;
        Ok(gone)
    }
}
