# Built and run without a Docker daemon; docs/security.md says how, and what was seen.
# An LTS line that is looked after until April 2028. The tag moves with its security fixes; who wants the same bytes at every build
# pins it by digest (node:24-bookworm-slim@sha256:…) and lets a robot renew the digest.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without install scripts: those of @scarf/scarf only report the installation, those of the embedded PostgreSQL's binaries are for
# the embedded server, which is optional and not in the image, and the compiler needs none.
RUN npm ci --omit=optional --ignore-scripts --no-audit
COPY tsconfig.json tsconfig.build.json ./
COPY apps/hub apps/hub
COPY apps/cli apps/cli
COPY libs libs
COPY migrations migrations
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json && npm prune --omit=dev --omit=optional

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
CMD ["node", "dist/apps/hub/src/main.js"]
