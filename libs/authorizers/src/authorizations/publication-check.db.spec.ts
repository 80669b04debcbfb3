import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlatformRef } from '#libs/custody';
import type { PushInbox } from '#libs/inbox';
import { JobRunner, JobRunnerOptions } from '#libs/jobs';
import { AppError, Database, KeyRing, Metrics, Secret } from '#libs/kernel';
import { type TestDatabase, cloneDatabase, eventually, testLog } from '#libs/testing';
import { WechatTransport } from '#libs/wechat';
import { WechatSimulator } from '../../../../apps/simulator/src/simulator.ts';
import { type Assembled, assemble } from '../../test/assemble.ts';

const COMPONENT = 'wxc0000000000000001';
const KEYS = { token: 'messagetoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const SECRET = 'secret-of-the-platform';
const masterKeys = KeyRing.parse(KeyRing.generate('spec'));

let database: TestDatabase;
let simulator: WechatSimulator;
let receiver: http.Server;
let platform: PlatformRef;
let closers: (() => Promise<unknown>)[];
/** Where pushes go; a spec changes it when it kills a process. */
let current: { inbox: PushInbox };

/** A whole process as far as pushes go: intake, and a worker when `works`. */
async function startProcess(options: { works: boolean; doomed?: boolean }) {
  const db = options.doomed ? await Database.open({ url: database.url }) : await database.another();
  const { log } = testLog();
  const metrics = new Metrics();
  const transport = new WechatTransport({ baseUrl: simulator.url, timeoutMs: 5000, maxConcurrency: 16 });
  const { authorizers, custody, stop } = await assemble({ db, masterKeys, log, metrics, transport });
  const { inbox, jobHandlers } = authorizers;
  const runner = new JobRunner(db, jobHandlers, log, metrics, new JobRunnerOptions());
  if (options.works) await runner.start();
  closers.push(async () => {
    if (options.works) await runner.stop();
    await stop().catch(() => undefined);
    await transport.close();
  });
  return { db, custody, inbox, authorizers };
}

beforeEach(async () => {
  closers = [];
  database = await cloneDatabase();
  simulator = await WechatSimulator.start({ ticketIntervalSeconds: 0 });
  receiver = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://hub');
      const [, url, authorizerAppid] = pathname.split('/');
      current.inbox
        .accept({
          componentAppid: COMPONENT,
          ...(url === 'messages' ? { authorizerAppid } : {}),
          query: Object.fromEntries(searchParams),
          body,
        })
        .then(
          ({ reply }) => response.end(reply ?? 'success'),
          (error: unknown) => response.writeHead(error instanceof AppError ? 403 : 503).end(),
        );
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  simulator.world.addPlatform({
    componentAppid: COMPONENT,
    componentAppsecret: SECRET,
    ...KEYS,
    eventsUrl: `${base}/events`,
    messagesUrl: `${base}/messages/$APPID$`,
    pushTickets: false,
  });
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  await simulator.stop();
  await new Promise((resolve) => {
    receiver.close(resolve);
    receiver.closeAllConnections();
  });
  await database.drop();
});

async function register(custody: Assembled['custody']): Promise<void> {
  const { platformId } = await custody.accounts.create(database.db, {
    componentAppid: COMPONENT,
    componentAppsecret: new Secret(SECRET),
    token: new Secret(KEYS.token),
    encodingAesKey: new Secret(KEYS.encodingAesKey),
    name: 'platform',
  });
  platform = { platformId, componentAppid: COMPONENT };
}

describe('pushes over HTTP, with a worker', () => {
  it('WeChat’s check before publication passes for every listed account', async () => {
    const process = await startProcess({ works: true });
    await register(process.custody);
    current = process;
    const { verdicts } = await simulator.checkPublication(COMPONENT, { withinMs: 30_000 });
    expect(verdicts.filter((verdict) => !verdict.ok)).toEqual([]);
    expect(verdicts).toHaveLength(41);
  });

  it('nothing acknowledged is lost when the process dies before anything was done with it', async () => {
    const doomed = await startProcess({ works: false, doomed: true });
    await register(doomed.custody);
    current = doomed;
    const { world } = simulator;
    expect((await world.pushTicket(COMPONENT)).ok).toBe(true);
    const appids = Array.from({ length: 5 }, (_, index) => `wxmerchant${index}`);
    for (const appid of appids) {
      world.addMiniProgram({ appid });
      expect((await world.authorize(COMPONENT, appid).pushed)?.ok).toBe(true);
    }
    await doomed.db.close();
    // Without its database it acknowledges nothing.
    expect((await world.unauthorize(COMPONENT, 'wxmerchant0').pushed)?.status).toBe(503);

    const next = await startProcess({ works: true });
    current = next;
    // The first one's withdrawal was refused with everything else; WeChat itself says so when its code is exchanged.
    await eventually(
      'all are known',
      async () => {
        const { items } = await next.authorizers.directory.list(next.db, platform.platformId, {}, { limit: 10 });
        const known = items.filter((row) => row.state === 'authorized' && row.kind === 'mini_program');
        return items.length === 5 && known.length === 4;
      },
      45_000,
    );
    for (const appid of appids.slice(1)) {
      const { expiresInSeconds } = await next.custody.authorizerTokens.lease(platform, appid);
      expect(expiresInSeconds).toBeGreaterThan(0);
    }
  });

  it('repeated, delayed and reordered pushes end where WeChat is', async () => {
    const process = await startProcess({ works: true });
    await register(process.custody);
    current = process;
    const { world } = simulator;
    await world.pushTicket(COMPONENT);
    world.addMiniProgram({ appid: 'wxmerchant' });
    world.pushFaults.add({ kind: 'reorder', match: { infoType: 'authorized' }, times: 1 });
    world.pushFaults.add({ kind: 'duplicate', copies: 3 });
    const first = world.authorize(COMPONENT, 'wxmerchant');
    world.clock.advance(2000);
    await world.unauthorize(COMPONENT, 'wxmerchant').pushed;
    await first.pushed;
    await eventually(
      'withdrawn',
      async () => {
        const row = await process.authorizers.directory.get(process.db, platform.platformId, 'wxmerchant');
        const [waiting] = await process.db.query<{ count: number }>(
          "SELECT count(*) AS count FROM inbox.push WHERE state = 'pending'",
        );
        return row?.state === 'unauthorized' && waiting?.count === 0;
      },
      45_000,
    );
    // Three copies of each came, one of each was stored; the grant was outrun, or handled before the withdrawal.
    const stored = await process.db.query<{ info_type: string; state: string }>(
      "SELECT info_type, state FROM inbox.push WHERE info_type <> 'component_verify_ticket' ORDER BY info_type",
    );
    expect(stored.map((row) => row.info_type)).toEqual(['authorized', 'unauthorized']);
    expect(['handled', 'superseded']).toContain(stored[0]?.state);
    expect(stored[1]?.state).toBe('handled');
  });
});
