# shellcheck shell=bash
# Sourced: what the scripts have in common. Bash 3.2 (macOS) is enough.

say() { printf '== %s\n' "$*"; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        die "'$*' needs root, and there is no sudo: run it as root, then run this again"
    fi
}

# quietly COMMAND…: shows what it prints only when it fails.
quietly() {
    local output
    output=$("$@" 2>&1) || {
        local status=$?
        printf '%s\n' "$output" >&2
        return "$status"
    }
}

# install_package WHAT DEBIAN_PACKAGES BREW_FORMULA: lists of packages are separated by spaces.
install_package() {
    local what=$1 debian=$2 brew=$3
    if has apt-get; then
        say "installing $what with apt-get: $debian"
        quietly as_root apt-get -qq update || die "apt-get update failed"
        # shellcheck disable=SC2086 # a list of packages
        quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
            -o DPkg::Lock::Timeout=120 install $debian </dev/null || die "$what could not be installed"
    elif has brew; then
        say "installing $what with brew: $brew"
        # shellcheck disable=SC2086
        quietly brew install --quiet $brew || die "$what could not be installed"
    else
        die "$what is needed and was not found: install it (Debian: $debian), then run this again"
    fi
}

# The toolchain; the embedded SQLite is C code.
need_rust_and_cc() {
    has cargo || die "cargo was not found: install a Rust toolchain (https://rustup.rs), then run this again"
    has "${CC:-cc}" || install_package "a C compiler" "gcc libc6-dev" gcc
}

# A port of 127.0.0.1 that nobody listens on, below those that systems hand out themselves.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || {
            echo "$port"
            return
        }
    done
    die "no free port was found on 127.0.0.1"
}

# await SECONDS COMMAND…: until it succeeds.
await() {
    local ends=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$ends" ] || return 1
        sleep 0.1
    done
}

gone() { ! kill -0 -- "$1" 2>/dev/null; }

# foreground COMMAND…: runs it in a process group of its own, so that a signal to the script ends all of it at once.
# The script calls end_foreground on its way out.
foreground() {
    set -m
    "$@" &
    foreground_pid=$!
    set +m
    local status=0
    wait "$foreground_pid" || status=$?
    foreground_pid=
    return "$status"
}

foreground_pid=
end_foreground() {
    [ -n "$foreground_pid" ] || return 0
    kill -TERM -- "-$foreground_pid" 2>/dev/null || true
    await 10 gone "-$foreground_pid" || kill -KILL -- "-$foreground_pid" 2>/dev/null || true
    foreground_pid=
}
