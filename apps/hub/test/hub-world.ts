import { Passwords } from '#libs/access';
import { PROBLEM_MEDIA_TYPE, problemSchema, routeList, scopes, type Route, type Scope } from '#libs/contract';
import { KeyRing, loadSettings, type Clock, type Database } from '#libs/kernel';
import { cloneDatabase, eventually, testLog, type TestDatabase } from '#libs/testing';
import { WechatSimulator } from '../../simulator/src/simulator.ts';
import { Hub } from '../src/hub.ts';

export const ADMIN_KEY = 'operator-key-of-the-specs';
export const PUSH_TOKEN = 'pushtoken';
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
export const APPSECRET = '0123456789abcdef0123456789abcdef';

/** Specs log in often. */
export const CHEAP = { logN: 10, r: 8, p: 1 };

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
  text: string;
}

export interface Ask {
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A simulated WeChat, a database, and hubs on it. */
export class HubWorld {
  readonly lines: string[];
  private readonly hubs: Hub[] = [];

  private constructor(
    readonly test: TestDatabase,
    readonly simulator: WechatSimulator,
    private readonly env: Record<string, string>,
    private readonly captured: ReturnType<typeof testLog>,
  ) {
    this.lines = captured.lines;
  }

  /** @param env settings that differ from the usual ones of specs; as a function of the database's URL, where they name it */
  static async start(
    env: Record<string, string> | ((databaseUrl: string) => Promise<Record<string, string>>) = {},
  ): Promise<HubWorld> {
    const test = await cloneDatabase();
    const more = typeof env === 'function' ? await env(test.url) : env;
    const simulator = await WechatSimulator.start();
    const world = new HubWorld(
      test,
      simulator,
      {
        PORT: '0',
        DATABASE_URL: test.url,
        MASTER_KEYS: KeyRing.generate('spec'),
        ADMIN_API_KEY: ADMIN_KEY,
        WECHAT_API_URL: simulator.url,
        ...more,
      },
      testLog(),
    );
    await world.addHub();
    return world;
  }

  get db(): Database {
    return this.test.db;
  }

  get masterKeys(): string {
    return this.env['MASTER_KEYS'] as string;
  }

  get hub(): Hub {
    return this.hubs[0] as Hub;
  }

  /** A further process, as it were: nothing in memory is shared. */
  async addHub(env: Record<string, string> = {}, passwords = new Passwords(CHEAP), clock?: Clock): Promise<Hub> {
    const { settings, secrets } = loadSettings({ ...this.env, ...env });
    const hub = await Hub.start({ settings, secrets, log: this.captured.log, passwords, ...(clock ? { clock } : {}) });
    this.hubs.push(hub);
    return hub;
  }

  async stop(): Promise<void> {
    await Promise.all(this.hubs.splice(0).map((hub) => hub.stop()));
    await this.simulator.stop();
    await this.test.drop();
  }

  /** A platform that WeChat knows and the hub looks after, with its first ticket. */
  async platform(componentAppid: string): Promise<void> {
    const created = await this.call('POST', '/v1/platforms', {
      body: {
        component_appid: componentAppid,
        component_appsecret: APPSECRET,
        token: PUSH_TOKEN,
        encoding_aes_key: AES_KEY,
        name: `Platform ${componentAppid}`,
      },
    });
    if (created.status !== 201) throw new Error(created.text);
    this.simulator.world.addPlatform({
      componentAppid,
      componentAppsecret: APPSECRET,
      token: PUSH_TOKEN,
      encodingAesKey: AES_KEY,
      eventsUrl: created.body['events_url'] as string,
      messagesUrl: created.body['messages_url'] as string,
      pushTickets: false,
    });
    await this.simulator.world.pushTicket(componentAppid);
  }

  async merchant(componentAppid: string, merchantId: string): Promise<void> {
    const body = { merchant_id: merchantId, name: `Merchant ${merchantId}` };
    const created = await this.call('POST', `/v1/platforms/${componentAppid}/merchants`, { body });
    if (created.status !== 201) throw new Error(created.text);
  }

  /** A mini program that authorizes the platform; comes back once the hub knows it, assigned to the merchant. */
  async miniProgram(
    componentAppid: string,
    appid: string,
    options: { merchantId?: string; permissionSets?: number[] } = {},
  ): Promise<void> {
    const { world } = this.simulator;
    world.addMiniProgram({ appid, nickName: `Shop ${appid}`, principalName: `Owner of ${appid}` });
    world.authorize(componentAppid, appid, { permissionSets: options.permissionSets ?? [17, 18, 25] });
    const path = `/v1/platforms/${componentAppid}/authorizers/${appid}`;
    await eventually(`${appid} is known`, async () => {
      const { status, body } = await this.call('GET', path);
      return status === 200 && body['kind'] === 'mini_program';
    }).catch((error: Error) => {
      throw new Error(
        `${error.message}\n${this.lines
          .filter((line) => !line.includes('getAuthorizer'))
          .slice(-20)
          .join('\n')}`,
      );
    });
    if (options.merchantId !== undefined) {
      const assigned = await this.call('PATCH', path, { body: { merchant_id: options.merchantId } });
      if (assigned.status !== 200) throw new Error(assigned.text);
    }
  }

  async apiKey(
    componentAppid: string,
    options: { scopes?: readonly Scope[]; merchantIds?: string[] } = {},
  ): Promise<string> {
    const created = await this.call<{ key: string }>('POST', `/v1/platforms/${componentAppid}/api-keys`, {
      body: { name: 'spec', scopes: options.scopes ?? scopes, merchant_ids: options.merchantIds },
    });
    if (created.status !== 201) throw new Error(created.text);
    return created.body.key;
  }

  /**
   * One request (by the operator unless told otherwise). Every answer is held against the route table: a status or a
   * member that is not described fails the spec.
   */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { key = ADMIN_KEY, body, headers = {} }: Ask = {},
    hub: Hub = this.hub,
  ): Promise<Answer<T>> {
    const response = await fetch(hub.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const type = response.headers.get('content-type') ?? '';
    // It has no end.
    const isStream = type.startsWith('text/event-stream');
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: (type.includes('json') ? JSON.parse(text) : undefined) as T,
    };
    assertDescribed(method, path, answer, type);
    return answer;
  }
}

function assertDescribed(method: string, path: string, answer: Answer<unknown>, type: string): void {
  if (type.startsWith(PROBLEM_MEDIA_TYPE)) {
    problemSchema.parse(answer.body);
    return;
  }
  const route = routeFor(method, path);
  const reply = route?.replies[answer.status];
  if (!route || !reply)
    throw new Error(`${method} ${path} answered ${answer.status}, which is not described: ${answer.text}`);
  if (reply.schema && type.startsWith('application/json')) {
    const parsed = reply.schema.safeParse(answer.body);
    if (!parsed.success)
      throw new Error(`${method} ${path} answered what is not described: ${parsed.error.message}\n${answer.text}`);
  }
}

export function routeFor(method: string, path: string): Route | undefined {
  const bare = path.split('?', 1)[0] as string;
  return routeList.find(
    (route) => route.method === method && new RegExp(`^${route.path.replace(/\{[a-z_]+\}/g, '[^/]*')}$`).test(bare),
  );
}
