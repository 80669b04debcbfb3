import { parseArgs } from 'node:util';

import { type SimulatorOptions, WechatSimulator } from './simulator.ts';

const HELP = `Stand-in for WeChat: third-party platform API, pushes and authorization page over HTTP.

  --port N               port to listen on (default 4600; 0 takes any free one)
  --host HOST            address to listen on (default 127.0.0.1)
  --seed TEXT            key of all tokens, codes and computed fleets (default 1)
  --state FILE           keep platforms, accounts, grants and clock in FILE across restarts
  --ticket-interval S    simulated seconds between two ticket pushes (default 600; 0 turns them off)
  --clock-rate X         simulated seconds per real second (default 1)
  --latency MS           milliseconds added to every answer (default 0)

  --callback-url URL     add a platform whose pushes go to URL/events and URL/messages/$APPID$
  --component-appid ID   its appid (default wxc0000000000000001)
  --component-secret S   its appsecret (default simulated-component-secret)
  --token T              its message token (default simulatedtoken)
  --aes-key K            its EncodingAESKey, 43 characters
  --accounts N           add N mini programs that have authorized nobody yet, for the authorization page (default 5)
  --fleet N              add N mini programs that have authorized the platform, computed, up to 1000000
  --fleet-prefix P       how their appids begin (default wxf1ee70)
  --help                 this text

Everything else is done over HTTP at /_control/: GET /_control/ lists the routes. Faults by hand: add an account named
wx-quota-45009, wx-err-61007, wx-busy-3, wx-slow-10s, wx-reset, wx-hang, wx-html, wx-notjson, wx-halfbody or wx-lost.`;

const DEFAULT_AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4600' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string' },
    state: { type: 'string' },
    'ticket-interval': { type: 'string', default: '600' },
    'clock-rate': { type: 'string', default: '1' },
    latency: { type: 'string', default: '0' },
    'callback-url': { type: 'string' },
    'component-appid': { type: 'string', default: 'wxc0000000000000001' },
    'component-secret': { type: 'string', default: 'simulated-component-secret' },
    token: { type: 'string', default: 'simulatedtoken' },
    'aes-key': { type: 'string', default: DEFAULT_AES_KEY },
    accounts: { type: 'string', default: '5' },
    fleet: { type: 'string' },
    'fleet-prefix': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const options: SimulatorOptions = {
    port: wholeNumber('port'),
    host: values.host,
    ticketIntervalSeconds: wholeNumber('ticket-interval'),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(values.state === undefined ? {} : { stateFile: values.state }),
  };
  const simulator = await WechatSimulator.start(options);
  const { world } = simulator;
  world.clock.setRate(Number(values['clock-rate']));
  world.latencyMs = wholeNumber('latency');
  if (values['callback-url'] !== undefined || values.fleet !== undefined)
    addPlatform(simulator, values['callback-url']);
  for (let index = 1; index <= wholeNumber('accounts'); index += 1) {
    const appid = `wxa${String(index).padStart(15, '0')}`;
    if (!world.accounts.has(appid)) world.addMiniProgram({ appid, nickName: `示例小程序 ${index}` });
  }
  console.log(`WeChat simulator at ${simulator.url} (control: ${simulator.url}/_control/)`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.stop());
  }
}

function addPlatform({ world }: WechatSimulator, callbackUrl: string | undefined): void {
  const base = callbackUrl?.replace(/\/$/, '');
  const componentAppid = values['component-appid'];
  world.addPlatform({
    componentAppid,
    componentAppsecret: values['component-secret'],
    token: values.token,
    encodingAesKey: values['aes-key'],
    // Nobody listens on the discard port: without a callback URL pushes fail, as they would at WeChat.
    eventsUrl: base === undefined ? 'http://127.0.0.1:9/' : `${base}/events`,
    ...(base === undefined ? { pushTickets: false } : { messagesUrl: `${base}/messages/$APPID$` }),
  });
  if (values.fleet === undefined) return;
  const prefix = values['fleet-prefix'];
  world.addFleet({
    platform: componentAppid,
    count: wholeNumber('fleet'),
    ...(prefix === undefined ? {} : { prefix }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
  });
}

function wholeNumber(name: 'port' | 'ticket-interval' | 'latency' | 'accounts' | 'fleet'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name} must be a whole number`);
  process.exit(2);
}
