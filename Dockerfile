# Untested: no Docker engine was at hand when this was written; docs/security.md says what was tried instead.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional --no-audit
COPY tsconfig.json tsconfig.build.json ./
COPY apps/hub apps/hub
COPY apps/cli apps/cli
COPY libs libs
COPY migrations migrations
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json && npm prune --omit=dev --omit=optional

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
CMD ["node", "dist/apps/hub/src/main.js"]
