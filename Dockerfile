# syntax=docker/dockerfile:1

# The web apps are files that the server carries inside. A checkout without them makes a server without them.
FROM node:24-bookworm-slim AS web
WORKDIR /src/web
# Without the scripts of packages: none of those that are needed here has one, and a browser for tests is not wanted.
RUN --mount=type=bind,target=/context \
    --mount=type=cache,target=/root/.npm,sharing=locked \
    mkdir -p store/dist \
    && if [ -e /context/web/package.json ]; then \
        cp -r /context/web/. . \
        && npm ci --ignore-scripts --no-audit --no-fund \
        && npm run build; \
    fi

# One Debian release for the server's stages: the binary needs the libc it was linked against.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/store/dist web/store/dist
# The caches outlive the layer, so a changed line compiles what depends on it and not all crates again. The target
# folder is such a cache and not part of the image: the binary is copied out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --workspace --bins --locked \
    && install -D --mode=0755 target/release/souk /out/souk

FROM debian:bookworm-slim
# ca-certificates: for calls to payment providers and webhooks.
# curl: for the health check. It is one line that reads as what it does and that knows a 503 from a 200, which a bare
# open port does not tell.
# Not pinned to versions: Debian stable only brings fixes, and a pinned one is gone from the mirror at the next fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 souk \
    && useradd --uid 10001 --gid souk --no-create-home --home-dir /var/lib/souk --shell /usr/sbin/nologin souk \
    && install -d --owner=souk --group=souk --mode=0700 /var/lib/souk
COPY --from=build /out/souk /usr/local/bin/souk

# In a container loopback is the container alone.
ENV SOUK_LISTEN=0.0.0.0:8080 \
    SOUK_DATA_DIR=/var/lib/souk
# By number: an orchestrator can then see that it is not root.
USER 10001:10001
WORKDIR /var/lib/souk
VOLUME /var/lib/souk
EXPOSE 8080
# Ready, not only alive: a node that is still recovering or already draining gets no traffic.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["souk"]
CMD ["serve"]
