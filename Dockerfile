# Debian, because onnxruntime-node has no build for musl (Alpine). Node 22, because better-sqlite3 12 aborts the process
# when it is compiled for Node 24.19 or newer (nodejs/node#65446).
ARG NODE_IMAGE=docker.io/library/node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
# native modules compile against the headers in the base image, so that none are downloaded
ENV npm_config_nodedir=/usr/local
WORKDIR /app

# Packages in a layer of their own, which a change of the sources leaves alone.
COPY package.json package-lock.json .npmrc ./
COPY scripts/build-avx2.mjs scripts/
RUN npm ci --ignore-scripts && npm rebuild
# The image may run on another CPU than the one that builds it: an x86-64 image without the AVX2 build is not made.
RUN [ "$(uname -m)" != x86_64 ] || test -f native/hnswlib-avx2/addon.node

COPY tsconfig.json tsconfig.build.json ./
COPY engine/ engine/
COPY server/ server/
COPY client/ client/
COPY scripts/ scripts/
RUN npm run build && npm prune --omit=dev --ignore-scripts
# onnxruntime-node carries its library for every platform; keep this one's
RUN cd node_modules/onnxruntime-node/bin/napi-v* \
  && find . -mindepth 2 -maxdepth 2 ! -path "./linux/$(node -p process.arch)" -exec rm -r {} +

FROM ${NODE_IMAGE}
WORKDIR /app
COPY package.json ./
COPY models/ models/
COPY --chmod=755 scripts/likeness.cjs scripts/
COPY --from=build /app/node_modules/ node_modules/
COPY --from=build /app/native/ native/
COPY --from=build /app/dist/ dist/
RUN ln -s /app/scripts/likeness.cjs /usr/local/bin/likeness && install -d -o 1000 -g 1000 /data

# under threads that decode pictures, glibc's allocator otherwise keeps more and more memory
ENV NODE_ENV=production \
  MALLOC_ARENA_MAX=2 \
  LIKENESS_PORT=3000 \
  LIKENESS_DATA_DIR=/data
# the user `node` of the base image, as a number so that an orchestrator can see that it is not root
USER 1000:1000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LIKENESS_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["likeness"]
# the host is a flag, because other commands do not listen and so need no API keys
CMD ["serve", "--host", "0.0.0.0"]
