# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

part_demo() {
    say "the demo, and the lines in what it prints, the README and the book"
    need_buf
    start_server demo --database "sqlite://$work/demo.db"
    await 30 has_examples || fail "the demo prints what to try" "$work/server.log"
    cp "$work/server.log" "$work/demo.txt"
    checks "the lines of the demo" "$PYTHON" scripts/python/documents.py --endpoint "$endpoint" --crm-kpi "$crm_kpi" \
        --buf "$BUF" --at-least 3 "$work/demo.txt"
    checks "the lines in the documentation" "$PYTHON" scripts/python/documents.py --endpoint "$endpoint" --crm-kpi "$crm_kpi" \
        --buf "$BUF" --at-least 10 README.md docs/*.md docs/*/*.md
    say "a client in Python, generated from proto/"
    checks "the Python client" "$PYTHON" scripts/python/client.py "$endpoint"
    stop_server
}

# It listens before it has printed its last example.
has_examples() { grep -q "The first as a table" "$work/server.log" && grep -q "crm-kpi query.*--endpoint" "$work/server.log"; }
