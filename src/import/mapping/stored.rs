use super::language::Missing;
use super::lookup::Known;
use super::plan::Plan;
use super::read::{Stored, wanted};
use super::table::Table;
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult};

/// The rows in the database that may be looked up, by what they are looked up by; not those of tables whose rows will go.
pub async fn stored(connection: &DatabaseConnection, plan: &Plan) -> Result<Stored, DbErr> {
    let mut stored = Stored::new();
    for table in Table::all() {
        let by = wanted(&plan.sections, table);
        let mut sections = plan.sections.iter().filter(|section| section.table == table);
        if by.is_empty() || sections.any(|section| section.missing == Missing::Delete) {
            continue;
        }
        let columns = table.described().columns.iter().filter(|column| !column.key && by.contains(column.field()));
        let columns: Vec<_> = columns.collect();
        let names = columns.iter().map(|column| column.name);
        let query = Query::select().column("id").columns(names).from(table.name()).to_owned();
        let known = |row: &QueryResult| {
            let mut known = Known { id: row.try_get_by_index(0)?, texts: Vec::with_capacity(columns.len()) };
            for (place, column) in (1..).zip(&columns) {
                let text: Option<String> = row.try_get_by_index(place)?;
                known.texts.extend(text.map(|text| (column.field().to_owned(), text)));
            }
            Ok::<_, DbErr>(known)
        };
        let rows = connection.query_all(&query).await?;
        stored.insert(table, rows.iter().map(known).collect::<Result<_, _>>()?);
    }
    Ok(stored)
}
