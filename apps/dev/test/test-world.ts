import { randomBytes } from 'node:crypto';
import { KeyRing, Log, loadSettings } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { Hub } from '../../hub/src/hub.ts';
import { WechatSimulator } from '../../simulator/src/simulator.ts';
import { Rest } from '../src/rest.ts';

export const COMPONENT = 'wx1234567890abcdef';
export const ADMIN_KEY = `test_admin_${randomBytes(12).toString('hex')}`;

/** Every secret that this world ever had; the leak test looks for the values. */
export interface WorldSecrets {
  appsecret: string;
  pushToken: string;
  encodingAesKey: string;
  masterKeys: string;
}

export interface TestWorld {
  database: TestDatabase;
  simulator: WechatSimulator;
  hub: Hub;
  /** As the operator. */
  rest: Rest;
  lines: string[];
  /** Replies of the hub, but for those of the token hand-out. */
  replies: string[];
  secrets: WorldSecrets;
  /** Every token, ticket, code and secret that was really used in a call to WeChat. */
  used: Set<string>;
  /** A further hub process' worth of hub on the same database, in this process. */
  anotherHub(env?: Record<string, string>): Promise<Hub>;
  stop(): Promise<void>;
}

/** A hub, WeChat and a database, with one platform whose first ticket has arrived. */
export async function startWorld(env: Record<string, string> = {}): Promise<TestWorld> {
  const database = await cloneDatabase();
  const simulator = await WechatSimulator.start({ ticketIntervalSeconds: 600 });
  const lines: string[] = [];
  const secrets: WorldSecrets = {
    appsecret: randomBytes(16).toString('hex'),
    pushToken: randomBytes(12).toString('hex'),
    encodingAesKey: randomBytes(40)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, 'x')
      .slice(0, 43),
    masterKeys: KeyRing.generate('t1'),
  };
  const used = new Set<string>(Object.values(secrets));
  simulator.world.onCall(async (call) => {
    if (call.accessToken !== '') used.add(call.accessToken);
    const fields = JSON.parse(call.body === '' ? '{}' : call.body) as Record<string, unknown>;
    for (const [name, value] of Object.entries(fields)) {
      if (/secret|ticket|token|code$/.test(name) && typeof value === 'string') used.add(value);
    }
  });
  const replies: string[] = [];
  const hubs: Hub[] = [];
  const startHub = async (more: Record<string, string> = {}) => {
    const { settings, secrets: hubSecrets } = loadSettings({
      PORT: '0',
      DATABASE_URL: database.url,
      MASTER_KEYS: secrets.masterKeys,
      ADMIN_API_KEY: ADMIN_KEY,
      WECHAT_API_URL: simulator.url,
      WECHAT_PAGES_URL: simulator.url,
      LOG_LEVEL: 'debug',
      ...env,
      ...more,
    });
    const hub = await Hub.start({ settings, secrets: hubSecrets, log: new Log('debug', (line) => lines.push(line)) });
    hubs.push(hub);
    return hub;
  };
  const hub = await startHub();
  const rest = new Rest(hub.url, ADMIN_KEY, (path, text) => {
    if (!path.endsWith('/access-token')) replies.push(text);
  });
  simulator.world.addPlatform({
    componentAppid: COMPONENT,
    componentAppsecret: secrets.appsecret,
    token: secrets.pushToken,
    encodingAesKey: secrets.encodingAesKey,
    eventsUrl: `${hub.url}/wechat/${COMPONENT}/events`,
    messagesUrl: `${hub.url}/wechat/${COMPONENT}/messages/$APPID$`,
  });
  await rest.post('/v1/platforms', {
    component_appid: COMPONENT,
    component_appsecret: secrets.appsecret,
    token: secrets.pushToken,
    encoding_aes_key: secrets.encodingAesKey,
    name: 'Test platform',
  });
  await simulator.world.pushTicket(COMPONENT);
  return {
    database,
    simulator,
    hub,
    rest,
    lines,
    replies,
    secrets,
    used,
    anotherHub: startHub,
    async stop() {
      await Promise.all(hubs.map((each) => each.stop()));
      await simulator.stop();
      await database.drop();
    },
  };
}
