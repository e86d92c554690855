# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

# A client that is no relative of ours: grpc-js, which reads texts of errors by other rules. And what is no gRPC.
part_node() {
    need_company_on_postgres
    need_node
    start_server serve --database "$company_url"
    say "a client in JavaScript"
    checks "the JavaScript client" env NODE_PATH="$NODE_PATH" node scripts/node/client.js "$endpoint"
    stop_server
}
