-- Two roles: the owner of the tables, which migrates and imports, and the service's, which only reads.
-- To be run once by a superuser, in the service's database: psql -v owner_password=… -v reader_password=… -f roles.sql

\if :{?owner_password}
\else
-- In the compose file's container.
\set owner_password `cat /run/secrets/owner-password`
\set reader_password `cat /run/secrets/reader-password`
\endif

CREATE ROLE crm_kpi_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE crm_kpi LOGIN PASSWORD :'reader_password';

-- The connections of all instances together: pool.connections + 3 of each, three instances and one more while
-- they are replaced: 4 * 13, and some to spare.
ALTER ROLE crm_kpi CONNECTION LIMIT 60;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO crm_kpi_owner;
GRANT USAGE ON SCHEMA public TO crm_kpi;

-- The tables that are there, and those that migrations make. Listening for changes needs no right.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO crm_kpi;
ALTER DEFAULT PRIVILEGES FOR ROLE crm_kpi_owner IN SCHEMA public GRANT SELECT ON TABLES TO crm_kpi;
