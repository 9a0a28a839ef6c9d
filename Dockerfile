# Valence in a container: the page, the server, its model and ONNX Runtime, built from nothing.
#
#   docker build --tag valence .
#   docker run --rm --read-only --publish 7860:7860 valence
#
# The stages do what `make build` does, by the same scripts. For a build that can be repeated to
# the byte, give the base images with their digests: --build-arg RUST=rust:…@sha256:…
ARG RUST=rust:1.95.0-slim-bookworm
# A C library, its certificates and nothing to log in to: no shell, no package manager, an eighth
# of Debian's slim image. Debian 12's, like the builder's, since the program links against it.
ARG RUNTIME=gcr.io/distroless/cc-debian12:nonroot

# What the build needs beside Rust, as on a developer's machine; all downloads have checksums.
FROM ${RUST} AS tools
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /valence
# Unoptimized: it compiles in a quarter of the time and runs for a second.
RUN CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    cargo install cargo-chef --version 0.1.78 --locked
COPY Cargo.toml ./
COPY scripts/setup.sh scripts/
COPY scripts/setup scripts/setup
RUN scripts/setup.sh package

# Which dependencies there are, apart from the sources, so that a change of these compiles no others.
FROM tools AS plan
COPY . .
RUN cargo chef prepare

FROM tools AS build
COPY --from=plan /valence/recipe.json ./
RUN RUSTUP_TOOLCHAIN=$(<target/setup/toolchain); export RUSTUP_TOOLCHAIN; \
    cargo chef cook --locked --release --features ssr --bin valence; \
    cargo chef cook --locked --release --package xtask; \
    cargo chef cook --locked --profile wasm-release --target wasm32-unknown-unknown \
        --package valence --features hydrate
COPY . .
RUN RUSTUP_TOOLCHAIN=$(<target/setup/toolchain); export RUSTUP_TOOLCHAIN; \
    cargo xtask site; \
    cargo build --locked --release --features ssr --bin valence; \
    scripts/package.sh /app; \
    mkdir /cache

FROM ${RUNTIME}
# Kept equal to Cargo.toml's by the tests.
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Valence" \
      org.opencontainers.image.description="A sentiment analyzer: page, API and model in one program" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /app /app
# For models from the Hub; a new volume there is its user's, as this folder is.
COPY --from=build --chown=1000:1000 /cache /cache
ENV HOST=0.0.0.0 ORT_DISABLE_TELEMETRY=1 HF_HOME=/cache
# Hugging Face Spaces' user; the files are root's, which it may read and not change.
USER 1000:1000
EXPOSE 7860
STOPSIGNAL SIGTERM
# Nothing answers before a model of the Hub is here: ten minutes for a slow line. A server that is merely full
# is healthy.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --retries=3 CMD ["/app/valence", "health"]
ENTRYPOINT ["/app/valence"]
CMD ["serve"]
