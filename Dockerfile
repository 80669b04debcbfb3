# syntax=docker/dockerfile:1
# Node.js 24 is the LTS line that is maintained until April 2028. The tag moves with its security fixes; to get the same bytes at
# every build, pin it by digest (node:24-bookworm-slim@sha256:…) and let a bot renew the digest.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without install scripts: none of them is needed to compile. With optional packages, because the bundler of the console has its
# native part in one; they are not in the image.
RUN npm ci --ignore-scripts --no-audit
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24-bookworm-slim AS runtime
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/libs dist/libs
COPY --from=build /app/dist/migrations dist/migrations

# WeChat's side for trials: docker compose --profile simulator up
FROM runtime AS simulator
COPY --from=build /app/dist/apps/simulator dist/apps/simulator
USER node
EXPOSE 8080
CMD ["node", "dist/apps/simulator/src/main.js", "--host", "0.0.0.0", "--port", "8080"]

FROM runtime AS hub
ENV HOST=0.0.0.0
COPY --from=build /app/dist/apps/hub dist/apps/hub
COPY --from=build /app/dist/apps/cli dist/apps/cli
COPY --from=build /app/dist/apps/console dist/apps/console
# `docker compose exec api-1 wxfleet platforms list` and the like.
RUN printf '#!/bin/sh\nexec node /app/dist/apps/cli/src/main.js "$@"\n' > /usr/local/bin/wxfleet && chmod 755 /usr/local/bin/wxfleet
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/health/live').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Without npm in between, which would not pass SIGTERM on.
CMD ["node", "dist/apps/hub/src/main.js"]
