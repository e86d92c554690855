//! The CRM schema as sea-orm entities, one file a table: the vocabulary of the catalogue.
//!
//! Keys are text in byte order. Amounts are minor units of the row's currency (ISO 4217). Instants are UTC. A reference
//! may point to nothing: nothing here assumes that it resolves.

/// Companies and people that buy.
pub mod accounts;
/// Stretches of time in which an account was a customer.
pub mod customer_tenures;
/// Deals, from their creation to won or lost.
pub mod opportunities;
/// Stays of opportunities in stages.
pub mod opportunity_stages;
/// What customers bought: one row a transaction.
pub mod orders;
/// What is sold.
pub mod products;
/// Proposals that were sent for opportunities.
pub mod proposals;
/// Sales representatives.
pub mod reps;
/// Where leads, opportunities and orders come from.
pub mod sources;
/// The steps of the pipeline.
pub mod stages;
/// Teams of reps: a tree.
pub mod teams;

/// Calls a macro with the names of all tables' modules: the one list of them.
macro_rules! every_table {
    ($then:ident) => {
        $then!(
            teams,
            reps,
            accounts,
            sources,
            products,
            stages,
            opportunities,
            opportunity_stages,
            proposals,
            orders,
            customer_tenures
        )
    };
}
pub(crate) use every_table;
