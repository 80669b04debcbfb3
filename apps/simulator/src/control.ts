import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import * as shapes from './control-shapes.ts';
import { checkPublication } from './publication-check.ts';
import type { Delivery } from './pusher.ts';
import { exportState } from './saved-state.ts';
import type { World } from './world.ts';

interface Request {
  readonly world: World;
  /** Parts of the path that the route left open, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Handler = (request: Request) => unknown;

/** Everything the control surface can do: `METHOD /path`, `*` standing for one part. Bodies have the names of the in-process API. */
const ROUTES: Record<string, Handler> = {
  'GET /': () => ({ routes: Object.keys(ROUTES) }),
  'GET /world': ({ world }) => summary(world),
  'GET /state': ({ world }) => exportState(world),
  'POST /reset': ({ world, body }) => world.reset(shapes.reset.parse(body)),

  'GET /platforms': ({ world }) => [...world.platforms.values()].map((platform) => platform.options()),
  'POST /platforms': ({ world, body }) => world.addPlatform(shapes.platform.parse(body)).options(),
  'PATCH /platforms/*': ({ world, parts: [component = ''], body }) => {
    const { listLimit, ...options } = shapes.platformPatch.parse(body);
    const platform = world.platform(component);
    platform.configure(options);
    if (listLimit !== undefined) world.truncateList(component, listLimit);
    world.touch();
    return platform.options();
  },
  'POST /platforms/*/ticket': async ({ world, parts: [component = ''] }) => shown(await world.pushTicket(component)),
  'PUT /platforms/*/server-domains': ({ world, parts: [component = ''], body }) => {
    const { hosts, published } = shapes.serverDomains.parse(body);
    world.setPlatformServerDomains(component, hosts, published);
  },
  'PUT /platforms/*/business-domains': ({ world, parts: [component = ''], body }) => {
    const { hosts, published } = shapes.serverDomains.parse(body);
    world.setPlatformJumpDomains(component, hosts, published);
  },
  'POST /platforms/*/publication-check': async ({ world, parts: [component = ''], body }) =>
    checkPublication(world, component, shapes.publicationCheck.parse(body)),
  'GET /platforms/*/grants/*': ({ world, parts: [component = '', appid = ''] }) => {
    const grant = world.grantOf(component, appid);
    if (grant === null) return null;
    const { authorized, permissionSets, authTime, epoch, exchanged, refreshes } = grant;
    return { authorized, permissionSets, authTime, epoch, exchanged, refreshes };
  },
  'POST /platforms/*/grants/*': async ({ world, parts: [component = '', appid = ''], body }) => {
    const { seed, ...options } = shapes.grant.parse(body);
    if (seed === true) return void world.seedGrant(component, appid, options.permissionSets);
    const result = world.authorize(component, appid, options);
    const { authCode, pushCode, redirectUrl } = result;
    return { authCode, pushCode, redirectUrl, pushed: shown(await result.pushed) };
  },
  'DELETE /platforms/*/grants/*': async ({ world, parts: [component = '', appid = ''], query }) =>
    shown(await world.unauthorize(component, appid, { push: query.get('push') !== 'false' }).pushed),
  'POST /platforms/*/messages/*': async ({ world, parts: [component = '', appid = ''], body }) =>
    attemptsShown(await said(world, component, appid, shapes.message.parse(body))),
  'POST /platforms/*/account-events/*': async ({ world, parts: [component = '', appid = ''], body }) => {
    const { event, elements } = shapes.accountEvent.parse(body);
    return attemptsShown(await world.messages.tell(component, appid, event, elements));
  },

  'GET /accounts': ({ world }) => [...world.accounts.values()].slice(0, 500).map((account) => account.options()),
  'POST /accounts': ({ world, body }) => {
    const { kind, ...options } = shapes.account.parse(body);
    return (kind === 'official_account' ? world.addOfficialAccount(options) : world.addMiniProgram(options)).options();
  },
  'GET /accounts/*': ({ world, parts: [appid = ''] }) => world.findAccount(appid)?.options() ?? null,
  'PATCH /accounts/*/domains': ({ world, parts: [appid = ''], body }) =>
    world.setDomains(appid, shapes.domains.parse(body)),
  'PUT /accounts/*/domain-quirks': ({ world, parts: [appid = ''], body }) =>
    world.setDomainQuirks(appid, shapes.domainQuirks.parse(body)),
  'POST /accounts/*/release': ({ world, parts: [appid = ''] }) => world.release(appid),

  'POST /fleets': ({ world, body }) => {
    const fleet = world.addFleet(shapes.fleet.parse(body));
    return { prefix: fleet.prefix, count: fleet.count, first: fleet.appidOf(0), last: fleet.appidOf(fleet.count - 1) };
  },
  'POST /fleets/changes': ({ world, body }) => {
    const { share, prefix } = shapes.fleetChange.parse(body);
    world.changeFleetDomains(share, prefix);
  },

  'PUT /ip-lists': ({ world, body }) => {
    Object.assign(world.ipLists, shapes.ipLists.parse(body));
    world.touch();
  },
  'PATCH /clock': async ({ world, body }) => {
    const { setMs, advanceMs, rate } = shapes.clock.parse(body);
    if (rate !== undefined) world.clock.setRate(rate);
    if (setMs !== undefined) world.clock.set(setMs);
    if (advanceMs !== undefined) await world.advance(advanceMs);
    world.touch();
    return { nowMs: world.clock.nowMs(), rate: world.clock.rate };
  },
  'PATCH /quirks': ({ world, body }) => {
    Object.assign(world.quirks, shapes.quirks.parse(body));
    world.touch();
    return world.quirks;
  },
  'PUT /latency': ({ world, body }) => {
    world.latencyMs = shapes.latency.parse(body).ms;
  },
  'PUT /quotas': ({ world, body }) => {
    const { path, ...limit } = shapes.quota.parse(body);
    world.quotas.set(path, limit);
  },

  'GET /faults': ({ world }) => world.faults.rules,
  'POST /faults': ({ world, body }) => world.faults.add(shapes.fault.parse(body)),
  'DELETE /faults': ({ world }) => world.faults.clear(),
  'DELETE /faults/*': ({ world, parts: [id] }) => world.faults.remove(Number(id)),
  'GET /push-faults': ({ world }) => world.pushFaults.rules,
  'POST /push-faults': ({ world, body }) => world.pushFaults.add(shapes.pushFault.parse(body)),
  'DELETE /push-faults': ({ world }) => world.pushFaults.clear(),
  'DELETE /push-faults/*': ({ world, parts: [id] }) => world.pushFaults.remove(Number(id)),

  'GET /calls': ({ world, query }) => {
    const filter = Object.fromEntries(
      ['componentAppid', 'authorizerAppid'].flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : [])),
    ) as { componentAppid?: string; authorizerAppid?: string };
    return world.calls(query.get('path') ?? undefined, filter).slice(-Number(query.get('limit') ?? 500));
  },
  'GET /counters': ({ world }) => ({
    calls: world.log.totals(),
    inFlight: world.log.inFlight,
    peakInFlight: world.log.peakInFlight,
    pushes: world.pusher.counts,
  }),
  'DELETE /counters': ({ world }) => world.log.reset(),
  'GET /pushes': ({ world, query }) =>
    world
      .pushes(Object.fromEntries([...query].filter(([name]) => name !== 'limit')))
      .slice(-Number(query.get('limit') ?? 100))
      .map(shown),
  'GET /custom-messages': ({ world }) => world.customMessages,
};

const TABLE = Object.entries(ROUTES).map(([key, handler]) => {
  const [method = '', path = ''] = key.split(' ');
  return { method, segments: path.slice(1).split('/'), handler };
});

/** Answers `/_control/…`: JSON in and out, 400 with the reason, 404 with the list of routes. */
export async function serveControl(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
  body: string,
): Promise<void> {
  const given = path
    .replace(/^\/_control\/?/, '')
    .split('/')
    .map(decodeURIComponent);
  const route = TABLE.find(
    ({ method, segments }) =>
      method === request.method &&
      segments.length === given.length &&
      segments.every((segment, index) => segment === '*' || segment === given[index]),
  );
  if (route === undefined) return reply(response, 404, { error: 'no such route', routes: Object.keys(ROUTES) });
  try {
    const result = await route.handler({
      world,
      parts: given.filter((_, index) => route.segments[index] === '*'),
      query: new URLSearchParams(query),
      body: body === '' ? {} : JSON.parse(body),
    });
    reply(response, 200, result ?? { ok: true });
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    reply(response, 400, { error: reason });
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function summary(world: World): Record<string, unknown> {
  return {
    nowMs: world.clock.nowMs(),
    rate: world.clock.rate,
    platforms: [...world.platforms.values()].map((platform) => ({
      componentAppid: platform.componentAppid,
      name: platform.name,
      pushing: platform.pushing,
      failedPushesInRow: platform.failedPushesInRow,
      componentTokens: platform.tokenRequests,
      authorized: world.grants.total(platform.componentAppid),
    })),
    accounts: world.accounts.size,
    fleets: world.fleets.map(({ prefix, count, platform, versions }) => ({
      prefix,
      count,
      platform,
      version: versions.length,
    })),
    calls: world.log.total(),
    pushes: world.pusher.counts,
  };
}

function said(
  world: World,
  component: string,
  appid: string,
  message: { content: string; openid?: string | undefined },
) {
  return world.messages.say(component, appid, message.content, message.openid);
}

/** The last attempt, and all of them. */
function attemptsShown(attempts: readonly Delivery[]) {
  return { ...shown(attempts.at(-1) ?? null), attempts: attempts.map(shown) };
}

/** A delivery without its bytes. */
function shown(delivery: Delivery | null): Omit<Delivery, 'sent'> | null {
  if (delivery === null) return null;
  const { sent: _sent, ...rest } = delivery;
  return rest;
}
