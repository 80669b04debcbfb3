import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Log, loadSettings } from '#libs/kernel';
import { PostgresServer } from '#libs/postgres';
import { Hub } from '../../hub/src/hub.ts';
import { WechatSimulator } from '../../simulator/src/simulator.ts';
import { loadDevSecrets, saveDevSecrets, type DevSecrets } from './dev-secrets.ts';
import { Rest } from './rest.ts';
import { NEW_SHOP, PLATFORM, miniPrograms } from './seed/people.ts';
import { liveMoment } from './seed/story.ts';
import { tellTheStory } from './seed/tell.ts';
import { StoryClock } from './story-clock.ts';

/** Signs in to the console of the example world. */
export const CONSOLE_USER = 'admin';

export interface DevWorldOptions {
  dataDir: string;
  port: number;
  host: string;
  /** Between two changes that the example makes while it runs; 0: none. */
  changeEveryMs: number;
  snapshotInterval: string;
  log: Log;
  say: (line: string) => void;
}

/** The whole system in one process: database, WeChat, hub, and an example fleet. */
export class DevWorld {
  private constructor(
    readonly hub: Hub,
    readonly simulator: WechatSimulator,
    readonly apiKey: string,
    readonly adminApiKey: string,
    /** Of the console user `CONSOLE_USER`, an operator. */
    readonly consolePassword: string,
    /** An authorization link for a shop that has not authorized yet. */
    readonly shopLink: string,
    private readonly stopAll: () => Promise<void>,
  ) {}

  static async start(options: DevWorldOptions): Promise<DevWorld> {
    const { say } = options;
    const dataDir = resolve(options.dataDir);
    await mkdir(dataDir, { recursive: true });
    const stops: (() => Promise<void> | void)[] = [];
    const stopAll = async () => {
      for (const stop of stops.reverse().splice(0)) await stop();
    };
    try {
      say('starting PostgreSQL …');
      const server = await PostgresServer.start({ dataDir });
      stops.push(() => server.stop());
      const secretsFile = join(dataDir, 'dev.json');
      const secrets = await loadDevSecrets(secretsFile);

      if (secrets.apiKey === undefined) {
        // An earlier first start may have been interrupted: half a story cannot be continued, so it starts again from the beginning.
        await server.emptyDatabase();
        await rm(join(dataDir, 'simulator.json'), { force: true });
      }

      say('starting the WeChat simulator …');
      const simulator = await startSimulator(dataDir, secrets);
      stops.push(() => simulator.stop());
      secrets.simulatorPort = Number(new URL(simulator.url).port);
      await saveDevSecrets(secretsFile, secrets);

      say('starting the hub …');
      const clock = new StoryClock();
      const hub = await startHub(options, server.url(), simulator.url, secrets, clock);
      stops.push(() => hub.stop());
      const rest = new Rest(hub.url, secrets.adminApiKey);
      const programs = miniPrograms();
      peopleWechat(simulator, hub.url, secrets);

      let isFirstStart = false;
      if (secrets.apiKey === undefined) {
        isFirstStart = true;
        say('first start: playing six weeks of history through the real code (about half a minute) …');
        await tellTheStory({
          simulator,
          db: hub.db,
          clock,
          rest,
          programs,
          platform: {
            componentAppsecret: secrets.componentAppsecret,
            token: secrets.pushToken,
            encodingAesKey: secrets.encodingAesKey,
          },
          say,
        });
        const { key } = await rest.post<{ key: string }>(`/v1/platforms/${PLATFORM.componentAppid}/api-keys`, {
          name: 'example backend',
          scopes: [
            'authorizers:read',
            'authorizers:write',
            'tokens:issue',
            'domains:read',
            'domains:snapshot',
            'api-ips:read',
            'api-ips:snapshot',
            'events:read',
            'webhooks:write',
          ],
        });
        secrets.apiKey = key;
        await rest.post('/v1/wechat-ips/api-domain/snapshots');
        await rest.post('/v1/wechat-ips/callback/snapshots');
        await saveDevSecrets(secretsFile, secrets);
      }
      if (secrets.consolePassword === undefined) {
        const password = randomBytes(12).toString('base64url');
        await rest.post('/v1/users', { username: CONSOLE_USER, password, role: 'operator' });
        secrets.consolePassword = password;
        await saveDevSecrets(secretsFile, secrets);
      }
      await simulator.world.pushTicket(PLATFORM.componentAppid);
      // The pages Connect and Risks have something to show at once.
      if (isFirstStart) await rest.post(`/v1/platforms/${PLATFORM.componentAppid}/checks`);

      const shopLink = await linkForNewShop(rest);
      if (options.changeEveryMs > 0) {
        let tick = 0;
        const timer = setInterval(() => liveMoment(simulator.world, programs, (tick += 1)), options.changeEveryMs);
        stops.push(() => clearInterval(timer));
      }
      return new DevWorld(
        hub,
        simulator,
        secrets.apiKey,
        secrets.adminApiKey,
        secrets.consolePassword,
        shopLink,
        stopAll,
      );
    } catch (error) {
      await stopAll();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.stopAll();
  }
}

async function startSimulator(dataDir: string, secrets: DevSecrets): Promise<WechatSimulator> {
  const start = (port: number) => WechatSimulator.start({ port, stateFile: join(dataDir, 'simulator.json') });
  try {
    return await start(secrets.simulatorPort);
  } catch (error) {
    // Somebody else has the port of last time; links in a browser go stale, nothing else.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return start(0);
  }
}

function startHub(
  options: DevWorldOptions,
  databaseUrl: string,
  wechatUrl: string,
  secrets: DevSecrets,
  clock: StoryClock,
): Promise<Hub> {
  const { settings, secrets: hubSecrets } = loadSettings({
    PORT: String(options.port),
    HOST: options.host,
    DATABASE_URL: databaseUrl,
    MASTER_KEYS: secrets.masterKeys,
    ADMIN_API_KEY: secrets.adminApiKey,
    WECHAT_API_URL: wechatUrl,
    WECHAT_PAGES_URL: wechatUrl,
    SNAPSHOT_INTERVAL: options.snapshotInterval,
    // Receivers of webhooks are tried out on the same machine.
    WEBHOOK_NETWORKS: '127.0.0.0/8',
  });
  return Hub.start({ settings, secrets: hubSecrets, log: options.log, clock });
}

/** A link with which a person can authorize a shop in the browser; the one of an earlier start while it can be opened. */
async function linkForNewShop(rest: Rest): Promise<string> {
  const base = `/v1/platforms/${PLATFORM.componentAppid}`;
  const { merchantId, merchantName } = NEW_SHOP;
  await rest
    .get(`${base}/merchants/${merchantId}`)
    .catch(() => rest.post(`${base}/merchants`, { merchant_id: merchantId, name: merchantName }));
  for (const state of ['open', 'used']) {
    const { items } = await rest.get<{ items: { url: string }[] }>(
      `${base}/authorization-links?merchant_id=${merchantId}&state=${state}&limit=1`,
    );
    // A hub that listens elsewhere today makes the same link with today's address.
    if (items[0]) return items[0].url;
  }
  const body = { merchant_id: merchantId, page: 'mobile', permission_sets: [17, 18, 19, 30, 31] };
  return (await rest.post<{ url: string }>(`${base}/authorization-links`, body)).url;
}

/** What WeChat knows from the beginning: the platform with its URLs, and the accounts (their grants come with the story). */
function peopleWechat(simulator: WechatSimulator, hubUrl: string, secrets: DevSecrets): void {
  const { world } = simulator;
  world.addPlatform({
    componentAppid: PLATFORM.componentAppid,
    name: PLATFORM.name,
    componentAppsecret: secrets.componentAppsecret,
    token: secrets.pushToken,
    encodingAesKey: secrets.encodingAesKey,
    eventsUrl: `${hubUrl}/wechat/${PLATFORM.componentAppid}/events`,
    messagesUrl: `${hubUrl}/wechat/${PLATFORM.componentAppid}/messages/$APPID$`,
  });
  for (const { appid, nickName, principalName } of [...miniPrograms(), NEW_SHOP]) {
    if (!world.accounts.has(appid)) world.addMiniProgram({ appid, nickName, principalName });
  }
}
