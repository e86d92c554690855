use super::copy;
use crate::database::driver::{failed, quoted};
use sea_orm::sqlx::PgConnection;
use sea_orm::sqlx::postgres::PgCopyIn;
use sea_orm::{DbErr, Value};

/// Bytes that are sent at once.
const COPY_BYTES: usize = 1 << 20;

/// Rows on their way into a table, which are copied.
pub struct Copying<'a> {
    copy: PgCopyIn<&'a mut PgConnection>,
    text: Vec<u8>,
    /// Where in its row the next value is.
    place: usize,
}

impl<'a> Copying<'a> {
    /// Begins to copy into a table, whose name is quoted.
    pub async fn begin(
        connection: &'a mut PgConnection,
        table: &str,
        columns: &[&'static str],
        options: &str,
    ) -> Result<Self, DbErr> {
        let sql = format!("COPY {table} ({}) FROM STDIN{options}", quoted(columns));
        let copy = connection.copy_in_raw(&sql).await.map_err(failed)?;
        Ok(Self { copy, text: Vec::with_capacity(COPY_BYTES + COPY_BYTES / 8), place: 0 })
    }

    /// Adds a value to the row. False for one of a type that cannot be written.
    pub fn push(&mut self, value: Value) -> bool {
        if self.place > 0 {
            self.text.push(b'\t');
        }
        self.place += 1;
        copy::write(&mut self.text, &value)
    }

    /// The row has all its values.
    pub fn end_row(&mut self) {
        self.text.push(b'\n');
        self.place = 0;
    }

    pub fn is_full(&self) -> bool {
        self.text.len() >= COPY_BYTES
    }

    pub async fn write(&mut self) -> Result<(), DbErr> {
        self.copy.send(self.text.as_slice()).await.map_err(failed)?;
        self.text.clear();
        Ok(())
    }

    pub async fn finish(self) -> Result<(), DbErr> {
        self.copy.finish().await.map(|_| ()).map_err(failed)
    }
}
