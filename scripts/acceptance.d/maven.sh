# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

mapping=examples/import/maven-crm.toml

part_maven() {
    local real=${CRM_KPI_MAVEN_DIR:-}
    need_company
    need_postgres
    maven "made-up files on SQLite" "sqlite://$work/made-up.db" "$company" "$figures"
    postgres_create_database made_up
    maven "made-up files on PostgreSQL" "$DATABASE_URL" "$company" "$figures"
    if [ -n "$real" ]; then
        [ -f "$real/sales_pipeline.csv" ] || die "CRM_KPI_MAVEN_DIR: $real has no sales_pipeline.csv"
    elif [ -f ../shared/data/maven-crm/sales_pipeline.csv ]; then
        real=../shared/data/maven-crm
    else
        say "the public Maven files are not here (CRM_KPI_MAVEN_DIR): only those that are made up were imported"
        return
    fi
    maven "public files on SQLite" "sqlite://$work/public.db" "$real"
    postgres_create_database public_files
    maven "public files on PostgreSQL" "$DATABASE_URL" "$real"
}

# maven NAME URL FOLDER [FIGURES]
maven() {
    local name=$1 url=$2 folder=$3
    shift 3
    say "Maven's form: $name"
    check "$name: migrate" "$crm_kpi" migrate --database "$url" up
    check "$name: import" import "$url" "$folder"
    check "$name: import once more" import "$url" "$folder"
    # The third data row of the deals, line 4, with a date that is none.
    rm -rf "$work/bad"
    mkdir "$work/bad"
    cp "$folder"/*.csv "$work/bad/"
    chmod u+w "$work"/bad/*.csv
    awk -F, -v OFS=, 'NR == 4 { $6 = "not-a-date" } { print }' "$folder/sales_pipeline.csv" >"$work/bad/sales_pipeline.csv"
    check "$name: a bad row is named, with file and line" refuse_bad_row "$url"
    start_server serve --database "$url"
    checks "$name: the figures" "$PYTHON" scripts/python/maven.py "$endpoint" "$@"
    stop_server
}

import() { "$crm_kpi" import --database "$1" --mapping "$mapping" "$2"; }

# A row that cannot be read: the status says so, the message says where, and nothing of the files is loaded.
refuse_bad_row() {
    local status=0
    import "$1" "$work/bad" >"$work/refusal" 2>&1 || status=$?
    cat "$work/refusal"
    [ "$status" != 0 ] && grep -q 'sales_pipeline\.csv' "$work/refusal" && grep -q 'not-a-date' "$work/refusal" &&
        grep -Eq '(^|[^0-9])4([^0-9]|$)' "$work/refusal"
}

# What the other parts ask: a made-up company's files in $company, and what they come to in $figures.
need_company() {
    company=$work/company
    figures=$work/figures.json
    [ -e "$figures" ] || "$PYTHON" scripts/python/maven_files.py "$company" "$figures"
}

need_postgres() { [ -n "$POSTGRES_URL" ] || postgres_start; }

# The company in a PostgreSQL database of its own: sets company_url.
need_company_on_postgres() {
    [ -z "${company_url:-}" ] || return 0
    need_company
    need_postgres
    postgres_create_database company
    check "migrate" "$crm_kpi" migrate --database "$DATABASE_URL" up
    check "import" import "$DATABASE_URL" "$company"
    company_url=$DATABASE_URL
}
