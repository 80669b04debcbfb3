import type { FastifyReply, FastifyRequest } from 'fastify';
import { digestOf, isCsrfToken, maySeeMerchant, type ApiKeys, type Principal, type Sessions } from '#libs/access';
import { routes, type OperationId, type Route, type Scope } from '#libs/contract';
import type { ComponentAccounts, PlatformRef } from '#libs/custody';
import { AppError } from '#libs/kernel';
import { PAGE, type Caller } from '../endpoint.ts';
import { FairTurns } from '../admission/fair-turns.ts';
import type { RateLimits } from '../admission/rate-limits.ts';
import { sessionTokenOf } from './session-cookie.ts';
import { checkParams } from '../validation.ts';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/** What the door needs to know of a route, worked out once. */
interface Post {
  id: OperationId;
  route: Route;
}

const posts = new Map<string, Post>(
  Object.entries(routes).map(([id, route]) => [id, { id: id as OperationId, route: route }]),
);

/**
 * Public and yet not limited by address: WeChat pushes for all platforms from few addresses and is known by its signature
 * (an address that forges pushes is slowed down, in case it is a proxy of ours), and whoever watches the process must always
 * be answered.
 */
const PUSHES: ReadonlySet<OperationId> = new Set(['receiveEvent', 'receiveMessage']);
const FOR_WATCHERS: ReadonlySet<OperationId> = new Set(['live', 'ready', 'metrics']);

/** In requests: a problem document and its way through Nest take several times as long as what is answered from memory. */
const REFUSAL_COST = 4;

/** What a connection said last in its Authorization header. */
const SAID = Symbol('said');
interface Acquainted {
  [SAID]?: { header: string; key: string; digest: string };
}

/**
 * Everything that is decided before a byte of the body is read: who calls, whether the scope suffices, and whether the
 * platform in the path is theirs. It is a Fastify hook and not a guard, because guards run after the body was parsed.
 */
export class Door {
  /** A platform's id never changes and no platform is deleted: seen once, it needs no promise any more. */
  private readonly byAppid = new Map<string, PlatformRef>();
  private readonly byId = new Map<number, PlatformRef>();
  private readonly turns = new FairTurns();

  constructor(
    private readonly keys: ApiKeys,
    private readonly accounts: ComponentAccounts,
    /** Absent: keys only. */
    private readonly people?: { sessions: Sessions; publicUrl: () => string },
    /** Absent: no limits. */
    private readonly limits?: RateLimits,
  ) {}

  /** Fastify `onRequest` hook; calls back at once when everything is known in memory. */
  readonly check = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const { endpoint } = request.routeOptions.config;
    if (request.is404 || endpoint === PAGE) return done();
    const post = endpoint === undefined ? undefined : posts.get(endpoint);
    try {
      // Cannot happen: a route without an endpoint keeps the server from starting (`assertDescribed`).
      if (!post) throw new AppError('not_found', 'there is nothing here');
      if (post.route.scope === 'public') {
        checkParams(post.id, request.params);
        if (FOR_WATCHERS.has(post.id)) return done();
        if (PUSHES.has(post.id)) return this.limits ? this.limits.pace(request.ip, done) : done();
        const refused = this.limits?.admitAddress(request.ip, reply);
        return refused ? this.limits?.hold(refused, done) : done();
      }
      const found = this.authenticate(request, reply);
      if (!(found instanceof Promise)) return this.admit(post, found, request, reply, done);
      found.then((principal) => this.admit(post, principal, request, reply, done)).catch(done);
    } catch (error) {
      if (this.limits && error instanceof AppError && error.code === 'rate_limited') this.limits.hold(error, done);
      else done(error as Error);
    }
  };

  /** Hears of requests that were refused for what they are. */
  refused(request: FastifyRequest): void {
    const { endpoint } = request.routeOptions.config;
    if (endpoint !== undefined && endpoint !== PAGE && PUSHES.has(endpoint)) this.limits?.blame(request.ip);
    const platformId = request.caller?.principal.platformId;
    if (platformId != null) this.turns.charge(platformId, REFUSAL_COST);
  }

  private authenticate(request: FastifyRequest, reply: FastifyReply): Principal | null | Promise<Principal | null> {
    const header = request.headers.authorization;
    if (header === undefined) return this.authenticatePerson(request, reply);
    // A client sends the same header with every request of a connection: what it said is parsed and digested once.
    const socket = request.raw.socket as Acquainted;
    let said = socket[SAID];
    if (said?.header !== header) {
      const key = BEARER.exec(header)?.[1];
      if (key === undefined) return null;
      said = socket[SAID] = { header, key, digest: digestOf(key) };
    }
    const { key, digest } = said;
    if (this.keys.knows(digest)) return this.keys.authenticate(key, digest);
    return this.tried(request, reply, () => this.keys.authenticate(key, digest));
  }

  private authenticatePerson(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Principal | null | Promise<Principal | null> {
    if (!this.people || request.headers.cookie === undefined) return null;
    const token = sessionTokenOf(request.headers.cookie, this.people.publicUrl());
    if (token === undefined) return null;
    const { sessions } = this.people;
    if (sessions.knows(token)) return sessions.authenticate(token);
    return this.tried(request, reply, () => sessions.authenticate(token));
  }

  /**
   * A key or cookie that may be made up is charged to its address before anybody is asked about it, so that a thousand at the
   * same time are a thousand; what turns out to be good is given back.
   * @throws AppError rate_limited, unauthenticated
   */
  private tried(
    request: FastifyRequest,
    reply: FastifyReply,
    ask: () => Principal | null | Promise<Principal | null>,
  ): Principal | Promise<Principal> {
    const { ip } = request;
    const refused = this.limits?.admitAddress(ip, reply);
    if (refused) throw refused;
    const settle = (principal: Principal | null): Principal => {
      if (!principal) throw unauthenticated(reply);
      this.limits?.isKnown(ip);
      return principal;
    };
    const found = ask();
    if (!(found instanceof Promise)) return settle(found);
    return found.then(settle, (error: unknown) => {
      // That we could not find out is not the address's fault.
      this.limits?.isKnown(ip);
      throw error;
    });
  }

  private admit(
    { id, route }: Post,
    principal: Principal | null,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    if (!principal) {
      const tooMany = this.limits?.admitAddress(request.ip, reply);
      if (tooMany) return this.limits?.hold(tooMany, done);
      throw unauthenticated(reply);
    }
    // Known from here on, also to the trace of what is refused below.
    const caller: Caller = (request.caller = {
      principal,
      platform: null,
      address: request.ip,
      gone: () => request.raw.socket.destroyed,
    });
    const refused = this.limits?.admit(principal, reply);
    if (refused) return this.limits?.hold(refused, done);
    // A browser sends the cookie also when another site asks it to; the header only our own page can add.
    if (principal.session && request.method !== 'GET' && !isCsrfToken(principal, request.headers['x-csrf-token'])) {
      throw new AppError('forbidden', 'send X-CSRF-Token with what GET /v1/me says');
    }
    if (route.scope !== 'any' && !principal.scopes.has(route.scope as Scope)) {
      throw new AppError('forbidden', `the API key lacks the scope ${route.scope}`);
    }
    checkParams(id, request.params);
    const { component_appid: componentAppid } = request.params as { component_appid?: string };
    if (componentAppid === undefined) {
      assertOperator(route, principal);
      return this.enter(principal, done);
    }
    const found = this.platformFor(principal, componentAppid);
    const enterOn = (platform: PlatformRef | null) => {
      if (platform?.componentAppid !== componentAppid) throw notFound('platform');
      caller.platform = platform;
      // After the platform: of what is another tenant's not even this is told.
      assertOperator(route, principal);
      this.enter(principal, done);
    };
    if (found instanceof Promise) found.then(enterOn).catch(done);
    else enterOn(found);
  }

  /** The operator is no tenant, and nobody's neighbour. */
  private enter({ platformId }: Principal, done: () => void): void {
    if (platformId === null) done();
    else this.turns.enter(platformId, done);
  }

  /**
   * A key of a platform is compared with its own platform and nothing else is looked up: what is another tenant's takes
   * exactly as long as what does not exist.
   */
  private platformFor(principal: Principal, componentAppid: string): PlatformRef | Promise<PlatformRef | null> {
    const known =
      principal.platformId === null ? this.byAppid.get(componentAppid) : this.byId.get(principal.platformId);
    if (known) return known;
    const asked =
      principal.platformId === null ? this.accounts.ref(componentAppid) : this.accounts.refOf(principal.platformId);
    return asked.then((platform) => {
      if (platform) {
        this.byAppid.set(platform.componentAppid, platform);
        this.byId.set(platform.platformId, platform);
      }
      return platform;
    });
  }
}

function unauthenticated(reply: FastifyReply): AppError {
  reply.header('WWW-Authenticate', 'Bearer realm="wxfleet"');
  return new AppError('unauthenticated', 'send Authorization: Bearer <api key>, with a key that is valid');
}

function assertOperator(route: Route, principal: Principal): void {
  if (route.operatorOnly && principal.kind !== 'operator') {
    throw new AppError('forbidden', 'only an operator key may do this');
  }
}

/** The same answer for what does not exist and for what is somebody else's. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `there is no such ${what}`);
}

/** @throws AppError not_found when the merchant is outside the limits of the key */
export function assertMerchant(principal: Principal, merchantId: string | null, what: string): void {
  if (!maySeeMerchant(principal, merchantId)) throw notFound(what);
}

/** Fastify `onRoute` hook: default deny. A route that names no operation keeps the server from starting. */
export function assertDescribed(route: {
  url: string;
  method: string | string[];
  config?: { endpoint?: unknown };
}): void {
  const endpoint = route.config?.endpoint;
  if (endpoint === PAGE) return;
  if (typeof endpoint !== 'string' || !Object.hasOwn(routes, endpoint)) {
    throw new Error(`${String(route.method)} ${route.url} has no @Endpoint: nobody decided who may call it`);
  }
}

export function routeOf(endpoint: OperationId | typeof PAGE | undefined): Route | undefined {
  return endpoint === undefined ? undefined : posts.get(endpoint)?.route;
}
