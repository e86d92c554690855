# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

part_pgbouncer() {
    local port pooled
    need_company_on_postgres
    need_debian_program pgbouncer pgbouncer pgbouncer
    # As docs/operate/proxies.md has it. plan_cache_mode and jit are what the service would have asked for.
    postgres_sql company "CREATE ROLE pooled LOGIN PASSWORD 'pooled'"
    postgres_sql company "GRANT USAGE ON SCHEMA public TO pooled; GRANT SELECT ON ALL TABLES IN SCHEMA public TO pooled"
    postgres_sql company "ALTER ROLE pooled SET timezone = 'UTC'; ALTER ROLE pooled SET plan_cache_mode = force_custom_plan"
    postgres_sql company "ALTER ROLE pooled SET jit = off; ALTER ROLE pooled SET statement_timeout = '11min'"
    postgres_sql company "ALTER ROLE pooled SET idle_in_transaction_session_timeout = '11min'"

    say "PgBouncer in session mode"
    port=$(free_port)
    start_pgbouncer session "$port"
    pooled=postgres://pooled:pooled@127.0.0.1:$port/company
    start_server serve --database "$pooled" --set pool.connections=5
    checks "session mode: the figures" "$PYTHON" scripts/python/maven.py "$endpoint" "$figures"
    checks "session mode: polls" "$PYTHON" scripts/python/polls.py "$endpoint" watched "${PSQL[@]}" "$POSTGRES_URL/company" -c
    checks "session mode: deadlines" "$PYTHON" scripts/python/deadline.py "$endpoint" "${PSQL[@]}" "$POSTGRES_URL/company" -c
    outage "PgBouncer is killed" kill_pgbouncer begin_pgbouncer
    stop_server
    stop_process pgbouncer || true

    say "PgBouncer in transaction mode"
    port=$(free_port)
    start_pgbouncer transaction "$port"
    pooled=postgres://pooled:pooled@127.0.0.1:$port/company
    start_server serve --database "$pooled" --set pool.connections=5
    # It is not supported: statements of one connection reach another. How each question ends is left to chance, so what they
    # are answered is not judged; the log must say why they fail.
    "$PYTHON" scripts/python/standby.py "$endpoint" 3 perhaps >/dev/null 2>&1 || true
    check "transaction mode: the log says why" grep -q 'prepared statement' "$work/server.log"
    stop_server
    stop_process pgbouncer || true
}

# start_pgbouncer MODE PORT: with as many connections to the database as the service opens, pool.connections + 3.
start_pgbouncer() {
    pgbouncer_port=$2
    mkdir -p "$work/pgbouncer"
    printf '"pooled" "pooled"\n' >"$work/pgbouncer/users"
    cat >"$work/pgbouncer/pgbouncer.ini" <<END
[databases]
company = host=127.0.0.1 port=${POSTGRES_URL##*:} dbname=company
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $2
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $work/pgbouncer/users
pool_mode = $1
default_pool_size = 8
max_client_conn = 100
ignore_startup_parameters = extra_float_digits, options
server_login_retry = 1
# It does not run as root.
${postgres_user:+user = $postgres_user}
END
    chmod -R a+rX "$work/pgbouncer"
    chmod a+x "$work"
    begin_pgbouncer
}

begin_pgbouncer() {
    start_listener pgbouncer "$pgbouncer_port" "${DEBIAN_PROGRAM[@]}" "$work/pgbouncer/pgbouncer.ini"
}

kill_pgbouncer() { stop_process pgbouncer KILL || true; }
