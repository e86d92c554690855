//! Service cases and calls, answers to surveys, and sign-ins to the CRM.

use crate::columns::{big_integer, flag, index, instant, integer, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] = ["service_cases", "service_calls", "survey_answers", "sign_ins"];

const INDEXES: [(&str, &[&str]); 12] = [
    ("service_cases", &["opened_at"]),
    ("service_cases", &["first_response_at"]),
    ("service_cases", &["due_at"]),
    ("service_cases", &["resolved_at"]),
    ("service_cases", &["rep_id", "resolved_at"]),
    ("service_cases", &["rep_id", "opened_at"]),
    ("service_calls", &["offered_at"]),
    ("service_calls", &["rep_id", "offered_at"]),
    ("survey_answers", &["answered_at"]),
    ("survey_answers", &["rep_id", "answered_at"]),
    ("sign_ins", &["signed_in_at"]),
    ("sign_ins", &["rep_id", "signed_in_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let tables = [
            Table::create()
                .table("service_cases")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "product_id"))
                .col(text(db, "kind"))
                .col(text(db, "channel"))
                .col(instant(db, "opened_at").not_null())
                .col(instant(db, "first_response_at"))
                .col(instant(db, "due_at"))
                .col(instant(db, "resolved_at"))
                .take(),
            Table::create()
                .table("service_calls")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "case_id"))
                .col(key(db, "outcome"))
                .col(flag("callback"))
                .col(big_integer("handle_seconds"))
                .col(instant(db, "offered_at").not_null())
                .take(),
            Table::create()
                .table("survey_answers")
                .col(key(db, "id").primary_key())
                .col(key(db, "kind"))
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "product_id"))
                .col(text(db, "case_id"))
                .col(integer("score").not_null())
                .col(instant(db, "answered_at").not_null())
                .take(),
            Table::create()
                .table("sign_ins")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(instant(db, "signed_in_at").not_null())
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        for table in TABLES {
            notify::watch(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
