# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

# The database goes while callers ask, and comes back: nobody gets a wrong answer, and nobody restarts anything.
part_outage() {
    need_company_on_postgres
    start_server serve --database "$company_url"
    outage "PostgreSQL is killed" postgres_kill postgres_restart
    outage "PostgreSQL is stopped as by an operator" postgres_shut_down postgres_restart
    stop_server
}

# outage WHAT END BEGIN: what callers see of $endpoint from END to BEGIN.
outage() {
    local what=$1 end=$2 begin=$3
    begin_load "$what"
    "$end"
    checks "$what: health" "$PYTHON" scripts/python/outage.py await "$endpoint" NOT_SERVING 15
    await 30 test -e "$load/refused" || fail "$what: calls are refused" "$work/load.log" "$work/server.log"
    "$begin"
    checks "$what: health" "$PYTHON" scripts/python/outage.py await "$endpoint" SERVING 15
    end_load "$what"
}

# begin_load WHAT [passing]
begin_load() {
    local what=$1
    shift
    say "$what under load"
    load=$(mktemp -d "$work/load.XXXXXX")
    start_process load "$PYTHON" "$PWD/scripts/python/outage.py" load "$endpoint" "$load" "$@"
    await 30 test -e "$load/begun" || fail "$what: calls are answered" "$work/load.log" "$work/server.log"
}

# Once calls are answered again it ends by itself.
end_load() {
    local status=0
    rm -f "$load/begun"
    await 30 test -e "$load/begun" || fail "$1: calls are answered again" "$work/load.log" "$work/server.log"
    touch "$load/stop"
    await 60 gone "$(pid_of load)" || fail "$1: calls end" "$work/load.log" "$work/server.log"
    stop_process load || status=$?
    [ "$status" = 0 ] || fail "$1: what callers see" "$work/load.log" "$work/server.log"
    checks "$1: what callers see" cat "$work/load.log"
}
