# shellcheck shell=bash
# Sourced after common.sh: checks that are counted, and the processes that they start.
#
#   check WHAT COMMAND…     one check
#   checks WHAT COMMAND…    a program that prints a line "ok  …" for each of its checks, and ends with the first that fails
#   fail WHAT [FILE…]       ends everything, and shows the ends of these files
#   start_process NAME COMMAND…   in the background, until stop_process or the end; its output is in $work/NAME.log
#   start_server ARGUMENT…  crm-kpi on a free port: sets endpoint
#
# The script makes $work, sets $crm_kpi, and calls end_processes on its way out.

# shellcheck disable=SC2154 # work and crm_kpi are the script's
passed=0
process_names=()
process_pids=()

fail() {
    local file
    echo "FAILED  $1"
    shift
    for file in "$@"; do
        [ -s "$file" ] || continue
        echo "-- ${file##*/}:"
        tail -n 60 "$file"
    done
    echo "$passed passed, 1 failed"
    exit 1
}

pass() {
    echo "ok  $1"
    passed=$((passed + 1))
}

check() {
    local what=$1
    shift
    foreground to_file "$@" || fail "$what" "$work/output" "$work/server.log"
    pass "$what"
}

checks() {
    local what=$1 count
    shift
    foreground to_file "$@" || fail "$what" "$work/output" "$work/server.log"
    count=$(grep -c '^ok  ' "$work/output") || fail "$what: it checked nothing" "$work/output"
    cat "$work/output"
    passed=$((passed + count))
}

to_file() { "$@" >"$work/output" 2>&1 </dev/null; }

start_process() {
    local name=$1
    shift
    : >"$work/$name.log"
    (cd "$work" && exec "$@") >"$work/$name.log" 2>&1 </dev/null &
    process_names+=("$name")
    process_pids+=("$!")
}

# The process with this name.
pid_of() {
    local place
    for place in "${!process_names[@]}"; do
        [ "${process_names[place]}" != "$1" ] || echo "${process_pids[place]}"
    done
}

# stop_process NAME [SIGNAL]: waits until it has ended, and returns its status.
stop_process() {
    local name=$1 signal=${2:-TERM} pid status=0 names=() pids=() place
    pid=$(pid_of "$name")
    [ -n "$pid" ] || return 0
    kill -"$signal" "$pid" 2>/dev/null || true
    await 15 gone "$pid" || fail "$name stops within 15 s" "$work/$name.log"
    { wait "$pid" || status=$?; } 2>/dev/null
    for place in "${!process_names[@]}"; do
        [ "${process_names[place]}" != "$name" ] || continue
        names+=("${process_names[place]}")
        pids+=("${process_pids[place]}")
    done
    process_names=(${names[@]+"${names[@]}"})
    process_pids=(${pids[@]+"${pids[@]}"})
    return "$status"
}

end_processes() {
    local pid
    for pid in ${process_pids[@]+"${process_pids[@]}"}; do
        kill -KILL "$pid" 2>/dev/null || true
        { wait "$pid" || true; } 2>/dev/null
    done
    process_names=()
    process_pids=()
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# start_listener NAME PORT COMMAND…: a process that listens on this port.
start_listener() {
    local name=$1 port=$2
    shift 2
    start_process "$name" "$@"
    await 20 listens_or_gone "$name" "$port" || fail "$name listens within 20 s" "$work/$name.log"
    listens "$port" || fail "$name listens" "$work/$name.log"
}

listens_or_gone() { listens "$2" || gone "$(pid_of "$1")"; }

start_server() {
    endpoint=127.0.0.1:$(free_port)
    start_process server "$crm_kpi" "$@" --listen "$endpoint"
    await 120 ready_or_gone || fail "crm-kpi $1 is ready within 120 s" "$work/server.log"
    ready || fail "crm-kpi $1 is ready" "$work/server.log"
    pass "crm-kpi $1 is ready on a free port"
}

ready() { grep -Eqi "(ready|listening|serving).*${endpoint//./\\.}" "$work/server.log"; }

ready_or_gone() { ready || gone "$(pid_of server)"; }

# Ends the server as an operator would.
stop_server() {
    local status=0
    stop_process server || status=$?
    [ "$status" = 0 ] || fail "the server stops with status 0, not $status" "$work/server.log"
    pass "the server stops on SIGTERM with status 0"
}
