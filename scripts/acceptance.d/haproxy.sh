# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

# HAProxy over two instances, which it asks for /readyz; the callers' side with TLS and without, the servers' with TLS.
part_haproxy() {
    local plain tls second metrics second_metrics
    need_company_on_postgres
    need_debian_program haproxy haproxy haproxy
    need_certificate
    cat "$work/tls/server.pem" "$work/tls/server.key" >"$work/tls/both.pem"
    metrics=$(free_port)
    second_metrics=$(free_port)
    second=127.0.0.1:$(free_port)
    local served=(serve --database "$company_url" --set "tls.certificate=$work/tls/server.pem"
        --set "tls.key=$work/tls/server.key")
    start_server "${served[@]}" --set "metrics.listen=127.0.0.1:$metrics"
    start_listener second "${second##*:}" "$crm_kpi" "${served[@]}" --listen "$second" \
        --set "metrics.listen=127.0.0.1:$second_metrics"
    plain=$(free_port)
    tls=$(free_port)
    cat >"$work/haproxy.cfg" <<END
global
    maxconn 256
defaults
    mode http
    timeout connect 5s
    timeout client 10m
    timeout server 10m
    option redispatch
frontend plain
    bind 127.0.0.1:$plain proto h2
    default_backend crm_kpi
frontend tls
    bind 127.0.0.1:$tls ssl crt $work/tls/both.pem alpn h2
    default_backend crm_kpi
backend crm_kpi
    balance source
    option httpchk GET /readyz
    default-server ssl verify required ca-file $work/tls/server.pem alpn h2 proto h2 check no-check-ssl check-proto h1 inter 500ms fall 2 rise 1
    server first $endpoint port $metrics
    server second $second port $second_metrics
END
    say "HAProxy, plain text"
    start_listener haproxy "$plain" "${DEBIAN_PROGRAM[@]}" -db -f "$work/haproxy.cfg"
    checks "HAProxy" "$PYTHON" scripts/python/proxied.py "127.0.0.1:$plain" "$figures"
    say "HAProxy, with TLS"
    checks "HAProxy with TLS" "$PYTHON" scripts/python/proxied.py "localhost:$tls" "$figures" "$work/tls/server.pem"
    say "HAProxy, with one instance less"
    stop_server
    checks "HAProxy with the other instance" "$PYTHON" scripts/python/proxied.py "127.0.0.1:$plain" "$figures"
    stop_process second || fail "the second instance stops with status 0" "$work/second.log"
    stop_process haproxy || true
}
