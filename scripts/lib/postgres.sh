# shellcheck shell=bash
# Sourced after common.sh: a PostgreSQL server for one run, in a temporary folder, on a free port of 127.0.0.1.
#
#   postgres_start    finds PostgreSQL or installs it, starts a server and sets POSTGRES_URL (without a database name);
#                     POSTGRES_SETTINGS may hold lines for its configuration, such as "shared_buffers = 1GB"
#   postgres_kill     kills that server as a crash would; postgres_restart starts it again on the same port
#   postgres_shut_down            stops it as an operator would; postgres_restart starts it again
#   postgres_sql DATABASE SQL     runs SQL as its superuser; "${PSQL[@]}" URL is psql
#   standby_start [SETTINGS]      starts a hot standby of it and sets standby_url, for the database company;
#                     standby_follows, standby_conflicts, standby_promote, standby_stop
#   postgres_stop     ends that server and removes its folder; to be called on every way out

POSTGRES_URL=
postgres_folder=
postgres_user=
standby_folder=

postgres_start() {
    local bin port password
    bin=$(postgres_programs) || {
        postgres_install
        bin=$(postgres_programs) || die "PostgreSQL was installed, but initdb was not found"
    }
    # Root's own TMPDIR may be closed to the user that the server runs as.
    if [ "$(id -u)" = 0 ]; then
        postgres_folder=$(mktemp -d /tmp/crm-kpi-postgres.XXXXXX)
    else
        postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/crm-kpi-postgres.XXXXXX")
    fi
    postgres_choose_user
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s\n' "$password" >"$postgres_folder/password"
    [ -z "$postgres_user" ] || chown -R "$postgres_user" "$postgres_folder"
    quietly postgres_initdb "$bin" || die "initdb failed"
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        if postgres_run "$bin/pg_ctl" start -w -t 60 -s -D "$postgres_folder/data" -l "$postgres_folder/log" \
            -o "-p $port" >/dev/null 2>&1; then
            # shellcheck disable=SC2034 # for the script that sources this
            POSTGRES_URL="postgres://postgres:$password@127.0.0.1:$port"
            postgres_bin=$bin
            # shellcheck disable=SC2034
            PSQL=("$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1)
            say "$("$bin/postgres" --version) on 127.0.0.1:$port"
            return
        fi
        grep -q 'Address already in use' "$postgres_folder/log" || break
    done
    cat "$postgres_folder/log" >&2
    die "PostgreSQL did not start"
}

postgres_stop() {
    [ -n "$postgres_folder" ] || return 0
    postgres_end "$postgres_folder/data"
    rm -rf "$postgres_folder"
    postgres_folder=
}

# By the process id that the folder holds. There is nothing to save.
postgres_end() {
    local pid
    [ -s "$1/postmaster.pid" ] || return 0
    pid=$(head -n 1 "$1/postmaster.pid")
    kill -QUIT "$pid" 2>/dev/null || true
    await 20 gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
}

postgres_kill() {
    local pid
    pid=$(head -n 1 "$postgres_folder/data/postmaster.pid")
    # Its children end by themselves.
    kill -KILL "$pid"
    await 20 gone "$pid" || die "PostgreSQL could not be killed"
}

postgres_restart() {
    # The killed server's children may still hold its memory for a moment.
    await 30 postgres_run "$postgres_bin/pg_ctl" start -w -t 30 -s -D "$postgres_folder/data" \
        -l "$postgres_folder/log" -o "-p ${POSTGRES_URL##*:}" || die "PostgreSQL did not start again"
}

postgres_shut_down() {
    postgres_run "$postgres_bin/pg_ctl" stop -m fast -w -t 30 -s -D "$postgres_folder/data" ||
        die "PostgreSQL did not stop"
}

postgres_sql() { quietly "${PSQL[@]}" "$POSTGRES_URL/$1" -c "$2" </dev/null || die "psql failed: $2"; }

standby_start() {
    standby_folder=$postgres_folder/standby
    postgres_run env PGPASSWORD="$(cat "$postgres_folder/password")" "$postgres_bin/pg_basebackup" --no-password \
        -h 127.0.0.1 -p "${POSTGRES_URL##*:}" -U postgres -D "$standby_folder" -R -X stream -c fast --no-sync ||
        die "pg_basebackup failed"
    postgres_run tee -a "$standby_folder/postgresql.conf" >/dev/null <<<"${1:-}"
    standby_port=$(free_port)
    # shellcheck disable=SC2034 # for the script that sources this
    standby_url="${POSTGRES_URL%:*}:$standby_port/company"
    postgres_run "$postgres_bin/pg_ctl" start -w -t 60 -s -D "$standby_folder" -l "$standby_folder/log" \
        -o "-p $standby_port" >/dev/null 2>&1 || {
        cat "$standby_folder/log" >&2
        die "the standby did not start"
    }
    say "a standby on 127.0.0.1:$standby_port"
}

# Whether it has everything that the primary has.
standby_follows() {
    local written
    written=$("${PSQL[@]}" "$POSTGRES_URL/postgres" -c "SELECT pg_current_wal_lsn()") &&
        [ "$("${PSQL[@]}" "$standby_url" -c "SELECT pg_last_wal_replay_lsn() >= '$written'")" = t ]
}

# How many queries it has cancelled.
standby_conflicts() {
    "${PSQL[@]}" "$standby_url" -c "SELECT sum(confl_lock + confl_snapshot + confl_bufferpin + confl_deadlock)
        FROM pg_stat_database_conflicts"
}

standby_promote() {
    postgres_run "$postgres_bin/pg_ctl" promote -w -t 30 -s -D "$standby_folder" || die "the standby was not promoted"
}

standby_stop() {
    [ -n "$standby_folder" ] || return 0
    postgres_end "$standby_folder"
    standby_folder=
}

# create_database NAME: sets DATABASE_URL.
postgres_create_database() {
    PGPASSWORD=$(cat "$postgres_folder/password") quietly "$postgres_bin/createdb" --no-password -h 127.0.0.1 \
        -p "${POSTGRES_URL##*:}" -U postgres "$1"
    # shellcheck disable=SC2034 # for the script that sources this
    DATABASE_URL="$POSTGRES_URL/$1"
}

# The folder of the newest server's programs.
postgres_programs() {
    local folder
    while read -r folder; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/createdb" ]; then
            echo "$folder"
            return
        fi
    done < <(
        if has pg_config; then pg_config --bindir; fi
        printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
            /usr/local/opt/postgresql*/bin | sort -rV
        if has initdb; then dirname "$(command -v initdb)"; fi
    )
    return 1
}

# Debian's package would also create and start a server on the usual port: the machine's owner did not ask for that.
postgres_install() {
    local drop_in=/etc/postgresql-common/createcluster.d/crm-kpi.conf
    if has apt-get && ! [ -e "$drop_in" ]; then
        as_root mkdir -p "${drop_in%/*}"
        echo 'create_main_cluster = false' | as_root tee "$drop_in" >/dev/null
        install_package PostgreSQL postgresql ""
        as_root rm -f "$drop_in"
    else
        install_package PostgreSQL postgresql postgresql@17
    fi
}

# PostgreSQL refuses to run as root: root runs it as an unprivileged user.
postgres_choose_user() {
    local user
    postgres_user=
    [ "$(id -u)" = 0 ] || return 0
    for user in postgres nobody; do
        if id "$user" >/dev/null 2>&1; then
            postgres_user=$user
            return
        fi
    done
    die "PostgreSQL does not run as root: create a user named postgres, or run this as another user"
}

# A collation of a language, as in production, shows what relies on the order of bytes without saying so.
postgres_initdb() {
    local bin=$1 data=$postgres_folder/data
    set -- -U postgres -D "$data" --auth=password --pwfile="$postgres_folder/password" --no-sync \
        --encoding=UTF8 --locale=C
    postgres_run "$bin/initdb" "$@" --locale-provider=icu --icu-locale=en-US >/dev/null 2>&1 || {
        rm -rf "$data"
        postgres_run "$bin/initdb" "$@"
    }
    postgres_run tee -a "$data/postgresql.conf" >/dev/null <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
${POSTGRES_SETTINGS:-}
END
}

# Runs a command as the server's user, in its folder.
postgres_run() (
    cd "$postgres_folder" || exit
    if [ -z "$postgres_user" ]; then
        exec "$@"
    elif has runuser; then
        exec runuser -u "$postgres_user" -- "$@"
    elif has setpriv; then
        exec setpriv --reuid "$postgres_user" --regid "$(id -g "$postgres_user")" --init-groups "$@"
    else
        exec su -s /bin/sh "$postgres_user" -c "$(printf '%q ' "$@")"
    fi
)
