# syntax=docker/dockerfile:1
# The service as an image: docker build -t crm-kpi:0.1.0 .
#
# It serves on all addresses, so it starts only where it is told who may call: auth.tokens_file, auth.jwt or
# auth.allow_anonymous. docs/operate/deployment.md says more.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
# What the build reads, as .dockerignore lists it. Cargo looks for the bench that its manifest names.
COPY Cargo.toml Cargo.lock build.rs ./
COPY benches benches
COPY config config
COPY crm crm
COPY locales locales
COPY migrations migrations
COPY proto proto
COPY src src
COPY synthetic synthetic
# Without `synthetic` there are no made-up data in the image, and no commands that make them (demo, generate); with
# --build-arg FEATURES=otlp,synthetic there are.
ARG FEATURES=otlp
# The crates and what they were compiled to are kept between builds, outside the layers.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/build/target,sharing=locked \
    cargo build --release --locked --no-default-features --features "$FEATURES" --bin crm-kpi && cp target/release/crm-kpi /crm-kpi

# The C library, certificates of authorities (for auth.jwt.jwks_url) and nothing else: no shell, so no HEALTHCHECK either.
# Ask /livez and /readyz from outside.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /crm-kpi /usr/local/bin/crm-kpi
# Variables have precedence over a file: unset them to let CRM_KPI_CONFIG say where to serve.
ENV CRM_KPI_LISTEN=0.0.0.0:50051 \
    CRM_KPI_METRICS_LISTEN=0.0.0.0:9464 \
    CRM_KPI_LOG_FORMAT=json
USER 65532:65532
EXPOSE 50051 9464
ENTRYPOINT ["/usr/local/bin/crm-kpi"]
CMD ["serve"]
