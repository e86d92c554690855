# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

# A hot standby that does not wait for queries: PostgreSQL cancels those that are in the way of what the primary has done.
part_standby() {
    local before after
    need_company_on_postgres
    say "a hot standby"
    standby_start "max_standby_streaming_delay = 50ms"
    start_server serve --database "$standby_url"
    await 30 standby_follows || fail "the standby follows" "$standby_folder/log"
    checks "standby: the figures" "$PYTHON" scripts/python/maven.py "$endpoint" "$figures"
    checks "standby: polls" "$PYTHON" scripts/python/polls.py "$endpoint" replayed "${PSQL[@]}" "$POSTGRES_URL/company" -c

    say "a hot standby whose queries are cancelled"
    before=$(standby_conflicts)
    start_process writes bash -c 'while :; do "$@" >/dev/null; sleep 0.5; done' writes "${PSQL[@]}" "$POSTGRES_URL/company" \
        -c "UPDATE orders SET amount_minor = amount_minor" -c "UPDATE opportunities SET amount_minor = amount_minor" \
        -c "VACUUM orders" -c "VACUUM opportunities" \
        -c "BEGIN; LOCK TABLE orders, opportunities, reps, accounts IN ACCESS EXCLUSIVE MODE; COMMIT"
    checks "standby: cancelled queries" "$PYTHON" scripts/python/standby.py "$endpoint" 8
    stop_process writes KILL || true
    after=$(standby_conflicts)
    [ "$after" -gt "$before" ] || fail "PostgreSQL cancelled queries on the standby" "$standby_folder/log"
    pass "PostgreSQL cancelled $((after - before)) queries on the standby"
    stop_server
}
