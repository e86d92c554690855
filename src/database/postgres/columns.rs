use sea_orm::{DbBackend, Statement};

const COLUMNS: &str = "\
SELECT name, c.relkind IN ('v', 'm', 'f'), row_security_active(c.oid), a.attname::text, \
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, NULL) ELSE format_type(a.atttypid, NULL) END, \
       has_column_privilege(c.oid, a.attnum, 'SELECT'), current_schema()::text, current_user::text \
  FROM unnest($1::text[]) name \
  JOIN pg_class c ON c.oid = to_regclass(quote_ident(name)) \
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
  JOIN pg_type t ON t.oid = a.atttypid";

/// A table with rows and without statistics. Of a table under a view that the role may not read itself only the number of
/// rows tells.
const NEVER_ANALYSED: &str = "\
WITH RECURSIVE used(oid, direct) AS ( \
    SELECT to_regclass(quote_ident(name))::oid, true FROM unnest($1::text[]) name \
    UNION \
    SELECT d.refobjid, false FROM used \
      JOIN pg_rewrite r ON r.ev_class = used.oid \
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass \
                      AND d.refobjid <> used.oid) \
SELECT DISTINCT c.oid::regclass::text FROM used JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace \
 WHERE c.relkind IN ('r', 'm') AND pg_stat_get_live_tuples(c.oid) > 0 \
   AND CASE WHEN has_table_privilege(c.oid, 'SELECT') \
       THEN NOT EXISTS (SELECT FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname) \
       ELSE c.reltuples < 0 END \
 ORDER BY 1";

/// Asks for the columns of tables, whose names are quoted.
pub fn of(names: &str) -> Statement {
    about(COLUMNS, names)
}

/// Asks which tables have rows and no statistics.
pub fn never_analysed(names: &str) -> Statement {
    about(NEVER_ANALYSED, names)
}

fn about(sql: &str, names: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, sql.replace("$1::text[]", &format!("ARRAY[{names}]::text[]")))
}
