# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

# The primary goes, and the standby takes its place: behind one address, by HAProxy, which asks nobody who is primary.
part_failover() {
    local port
    need_company_on_postgres
    need_debian_program haproxy haproxy haproxy
    [ -n "$standby_folder" ] || standby_start
    await 30 standby_follows || fail "the standby follows" "$standby_folder/log"
    port=$(free_port)
    cat >"$work/failover.cfg" <<END
global
    maxconn 256
defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
listen postgres
    bind 127.0.0.1:$port
    default-server check inter 200ms fall 2 on-marked-down shutdown-sessions
    server primary 127.0.0.1:${POSTGRES_URL##*:}
    server standby 127.0.0.1:$standby_port backup
END
    start_listener failover "$port" "${DEBIAN_PROGRAM[@]}" -db -f "$work/failover.cfg"
    start_server serve --database "${POSTGRES_URL%:*}:$port/company"
    begin_load "failover" passing
    postgres_kill
    standby_promote
    end_load "failover"
    checks "failover: polls" "$PYTHON" scripts/python/polls.py "$endpoint" watched "${PSQL[@]}" "$standby_url" -c
    stop_server
    stop_process failover || true
    # Its database is not where it was.
    # shellcheck disable=SC2034
    company_url=
}
