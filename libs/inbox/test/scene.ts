import { randomInt } from 'node:crypto';
import { Test } from '@nestjs/testing';
import {
  AuthorizerTokens,
  ComponentAccounts,
  ComponentTickets,
  CustodyModule,
  TokenInvalidationChannel,
  type PlatformRef,
} from '#libs/custody';
import { EventWriter } from '#libs/events';
import { JobQueue } from '#libs/jobs';
import { type Database, Metrics, Secret, Ticks, loadSettings, Sealer } from '#libs/kernel';
import {
  type ServicesOf,
  type TestDatabase,
  cloneDatabase,
  servicesOf,
  testKernel,
  testLog,
  testSealer,
} from '#libs/testing';
import { WechatTransport } from '#libs/wechat';
import {
  type XmlBuild,
  buildPushEnvelope,
  buildPushXml,
  decodeAesKey,
  encryptPush,
  pushSignature,
} from '#libs/wechat-wire';
import {
  EarlyWithdrawals,
  InboxOptions,
  MissedPushes,
  PushClaims,
  PushDispatcher,
  type PushHandler,
  PushHandlers,
  PushInbox,
  type PushRequest,
  PushStore,
  RefusedPushes,
} from '../src/index.ts';

export const COMPONENT = 'wxc0000000000000001';
export const KEYS = { token: 'messagetoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
export const OLD_KEYS = { token: 'oldtoken', encodingAesKey: '0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz' };

export interface PushOptions {
  keys?: { token: string; encodingAesKey: string };
  /** Unix seconds of the signed timestamp; default now. */
  timestamp?: number;
  receiveId?: string;
  outerAppId?: string;
  componentAppid?: string;
  authorizerAppid?: string;
}

/** A push as WeChat would send it: signed and encrypted. */
export function push(fields: Readonly<Record<string, XmlBuild>> | string, options: PushOptions = {}): PushRequest {
  const keys = options.keys ?? KEYS;
  const text = typeof fields === 'string' ? fields : buildPushXml(fields);
  const encrypt = encryptPush(decodeAesKey(keys.encodingAesKey), options.receiveId ?? COMPONENT, text);
  const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000));
  const nonce = String(randomInt(1e9));
  const isMessage = options.authorizerAppid !== undefined;
  const appId = options.outerAppId ?? COMPONENT;
  return {
    componentAppid: options.componentAppid ?? COMPONENT,
    ...(isMessage ? { authorizerAppid: options.authorizerAppid } : {}),
    query: {
      signature: pushSignature(keys.token, timestamp, nonce),
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature: pushSignature(keys.token, timestamp, nonce, encrypt),
    },
    body: buildPushEnvelope(isMessage ? { encrypt, toUserName: 'gh_1' } : { encrypt, appId }),
  };
}

/** The fields of an `unauthorized` event; the other events add to them. */
export function revoked(authorizerAppid: string, createTime = Math.floor(Date.now() / 1000)) {
  return { AppId: COMPONENT, CreateTime: createTime, InfoType: 'unauthorized', AuthorizerAppid: authorizerAppid };
}

export function ticket(value: string, createTime = Math.floor(Date.now() / 1000)) {
  const InfoType = 'component_verify_ticket';
  return { AppId: COMPONENT, CreateTime: createTime, InfoType, ComponentVerifyTicket: value };
}

const CUSTODY = {
  accounts: ComponentAccounts,
  authorizerTokens: AuthorizerTokens,
  channel: TokenInvalidationChannel,
  tickets: ComponentTickets,
};

/** One process of the hub as far as the inbox goes, with a database and one registered platform. */
export interface Scene {
  database: TestDatabase;
  db: Database;
  custody: ServicesOf<typeof CUSTODY>;
  platform: PlatformRef;
  sealer: Sealer;
  log: ReturnType<typeof testLog>;
  metrics: Metrics;
  refused: RefusedPushes;
  missed: MissedPushes;
  inbox(options?: Partial<InboxOptions> & { db?: Database; jobs?: JobQueue; tickets?: ComponentTickets }): PushInbox;
  dispatcher(
    handlers: Readonly<Record<string, PushHandler>>,
    options?: { maxAttempts?: number; leaseSeconds?: number; db?: Database },
  ): PushDispatcher;
  rows(): Promise<Row[]>;
  jobs(): Promise<{ name: string; key: string; run_at: Date }[]>;
  close(): Promise<void>;
}

export interface Row {
  push_id: number;
  info_type: string;
  authorizer_appid: string;
  state: string;
  attempts: number;
  sealed_body: Buffer | null;
  failure: Record<string, unknown> | null;
  wechat_created_at: Date;
}

export async function openScene(): Promise<Scene> {
  const database = await cloneDatabase();
  const { db } = database;
  const sealer = testSealer();
  const log = testLog();
  const metrics = new Metrics();
  // Not initialised as an application: nothing ticks.
  const module = await Test.createTestingModule({
    imports: [
      testKernel({ db }, { log: log.log, metrics, env: { WECHAT_API_URL: 'http://127.0.0.1:9' } }),
      CustodyModule,
    ],
  })
    .overrideProvider(Sealer)
    .useValue(sealer)
    .compile();
  const custody = servicesOf(module, CUSTODY);
  await custody.channel.start();
  const { platformId } = await custody.accounts.create(db, {
    componentAppid: COMPONENT,
    componentAppsecret: new Secret('secret-of-the-platform'),
    token: new Secret(OLD_KEYS.token),
    encodingAesKey: new Secret(OLD_KEYS.encodingAesKey),
    name: 'platform',
  });
  await custody.accounts.update(db, platformId, {
    token: new Secret(KEYS.token),
    encodingAesKey: new Secret(KEYS.encodingAesKey),
  });
  const jobs = new JobQueue();
  const refused = new RefusedPushes(db, log.log);
  const missed = new MissedPushes(db, custody.accounts, jobs, log.log, loadSettings({}).settings);
  return {
    database,
    db,
    custody,
    refused,
    missed,
    platform: { platformId, componentAppid: COMPONENT },
    sealer,
    log,
    metrics,
    inbox: ({ db: own = db, jobs: queue = jobs, tickets = custody.tickets, ...options } = {}) => {
      const all = Object.assign(new InboxOptions(), options);
      const withdrawals = new EarlyWithdrawals(custody.authorizerTokens, log.log);
      const store = new PushStore(own, tickets, withdrawals, new EventWriter(), queue, all);
      return new PushInbox(custody.accounts, store, refused, missed, sealer, log.log, metrics, all);
    },
    dispatcher: (handlers, { db: own = db, ...options } = {}) => {
      const all = Object.assign(new InboxOptions(), options);
      const registered = new PushHandlers();
      for (const [infoType, handler] of Object.entries(handlers)) registered.add(infoType, handler);
      const claims = new PushClaims(own, jobs, all);
      const ticks = new Ticks(loadSettings({}).settings, log.log);
      const { accounts } = custody;
      return new PushDispatcher(own, sealer, accounts, claims, registered, jobs, log.log, metrics, ticks, all);
    },
    rows: () => db.query<Row>('SELECT * FROM inbox.push ORDER BY push_id'),
    jobs: () => db.query('SELECT task_identifier AS name, key, run_at FROM graphile_worker.jobs ORDER BY key'),
    async close() {
      await custody.authorizerTokens.stop();
      await custody.channel.stop();
      await module.get(WechatTransport).close();
      await database.drop();
    },
  };
}
