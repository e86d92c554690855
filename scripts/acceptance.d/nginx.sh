# shellcheck shell=bash
# shellcheck disable=SC2154 # sourced by scripts/acceptance

# nginx with its default buffers: 4 KiB for the head and the trailers of an answer.
part_nginx() {
    local plain tls
    need_company_on_postgres
    need_debian_program nginx nginx nginx
    need_certificate
    start_server serve --database "$company_url"
    plain=$(free_port)
    tls=$(free_port)
    mkdir -p "$work/nginx"
    cat >"$work/nginx/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $work/nginx/pid;
error_log stderr warn;
$([ "$(id -u)" != 0 ] || echo "user root;")
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $work/nginx/body;
    proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi;
    scgi_temp_path $work/nginx/scgi;
    upstream crm_kpi {
        server $endpoint;
        keepalive 4;
    }
    server {
        listen 127.0.0.1:$plain http2;
        listen 127.0.0.1:$tls ssl http2;
        ssl_certificate $work/tls/server.pem;
        ssl_certificate_key $work/tls/server.key;
        client_max_body_size 4m;
        location / {
            grpc_pass grpc://crm_kpi;
            grpc_read_timeout 10m;
            grpc_send_timeout 10m;
        }
    }
}
END
    say "nginx, plain text"
    start_listener nginx "$plain" "${DEBIAN_PROGRAM[@]}" -e stderr -p "$work/nginx" -c "$work/nginx/nginx.conf"
    checks "nginx" "$PYTHON" scripts/python/proxied.py "127.0.0.1:$plain" "$figures"
    say "nginx, with TLS"
    checks "nginx with TLS" "$PYTHON" scripts/python/proxied.py "localhost:$tls" "$figures" "$work/tls/server.pem"
    stop_server
    stop_process nginx || true
}

# A certificate of localhost that is its own authority: $work/tls/server.pem and server.key.
need_certificate() {
    [ ! -e "$work/tls/server.pem" ] || return 0
    has openssl || install_package OpenSSL openssl openssl
    mkdir -p "$work/tls"
    quietly openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/tls/server.key" -out "$work/tls/server.pem" ||
        die "openssl made no certificate"
}
