import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { decodeAesKey, decryptPush, parsePushEnvelope, parseXml, pushSignature } from '#libs/wechat-wire';

import type { PlatformOptions } from '../src/platform.ts';
import { WechatSimulator, type SimulatorOptions } from '../src/simulator.ts';

export const COMPONENT = 'wxc0000000000000001';
export const SECRET = 'secret-of-the-platform';
export const TOKEN = 'messagetoken';
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
export const DAY_MS = 86_400_000;

/** One push as it arrived, verified and opened. */
export interface Received {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly signatureHolds: boolean;
  readonly plaintext: string;
  readonly fields: Record<string, unknown>;
}

export type Respond = (push: Received, response: http.ServerResponse) => void;

/** A simulator, one platform and the server that receives its pushes; everything closes with `stop`. */
export interface Scene {
  readonly simulator: WechatSimulator;
  readonly world: WechatSimulator['world'];
  readonly received: Received[];
  readonly receiverUrl: string;
  respond(respond: Respond): void;
  /** Calls WeChat with a JSON body; `query` may hold a token. */
  post(path: string, body: unknown, query?: string): Promise<Record<string, unknown>>;
  get(path: string, query?: string): Promise<Record<string, unknown>>;
  /** A fresh component token. */
  componentToken(): Promise<string>;
  /** Exchanges a code: tokens of the merchant. */
  exchange(authCode: string): Promise<{ accessToken: string; refreshToken: string }>;
  stop(): Promise<void>;
}

export async function startScene(
  options: SimulatorOptions = {},
  platform: Partial<PlatformOptions> = {},
): Promise<Scene> {
  const received: Received[] = [];
  let respond: Respond = (_push, response) => response.end('success');
  const receiver = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const push = open(request.url ?? '', body);
      received.push(push);
      respond(push, response);
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const simulator = await WechatSimulator.start({ ticketIntervalSeconds: 600, ...options });
  const { world } = simulator;
  world.addPlatform({
    componentAppid: COMPONENT,
    componentAppsecret: SECRET,
    token: TOKEN,
    encodingAesKey: AES_KEY,
    eventsUrl: `${receiverUrl}/events`,
    messagesUrl: `${receiverUrl}/messages/$APPID$`,
    pushTickets: false,
    ...platform,
  });
  const call = async (method: string, path: string, query: string, body?: string): Promise<Record<string, unknown>> => {
    const response = await fetch(`${simulator.url}${path}${query === '' ? '' : `?${query}`}`, { method, body });
    return (await response.json()) as Record<string, unknown>;
  };
  const scene: Scene = {
    simulator,
    world,
    received,
    receiverUrl,
    respond: (next) => (respond = next),
    post: async (path, body, query = '') =>
      call('POST', path, query, typeof body === 'string' ? body : JSON.stringify(body)),
    get: async (path, query = '') => call('GET', path, query),
    componentToken: async () => {
      const known = world.platform(COMPONENT);
      if (known.lastTicket === null) await world.pushTicket(COMPONENT);
      const reply = await scene.post('/cgi-bin/component/api_component_token', {
        component_appid: COMPONENT,
        component_appsecret: SECRET,
        component_verify_ticket: known.lastTicket,
      });
      return String(reply['component_access_token']);
    },
    exchange: async (authCode) => {
      const reply = await scene.post(
        '/cgi-bin/component/api_query_auth',
        { component_appid: COMPONENT, authorization_code: authCode },
        `component_access_token=${await scene.componentToken()}`,
      );
      const info = reply['authorization_info'] as Record<string, string>;
      return {
        accessToken: info['authorizer_access_token'] ?? '',
        refreshToken: info['authorizer_refresh_token'] ?? '',
      };
    },
    stop: async () => {
      await simulator.stop();
      await new Promise((resolve) => {
        receiver.close(resolve);
        receiver.closeAllConnections();
      });
    },
  };
  return scene;
}

function open(url: string, body: string): Received {
  const { pathname, searchParams } = new URL(url, 'http://receiver');
  const { encrypt } = parsePushEnvelope(body);
  const timestamp = searchParams.get('timestamp') ?? '';
  const nonce = searchParams.get('nonce') ?? '';
  let plaintext = '';
  try {
    plaintext = decryptPush(decodeAesKey(AES_KEY), COMPONENT, encrypt);
  } catch {
    // Some specs spoil pushes on purpose; an empty text shows it.
  }
  return {
    path: pathname,
    query: searchParams,
    body,
    signatureHolds: searchParams.get('msg_signature') === pushSignature(TOKEN, timestamp, nonce, encrypt),
    plaintext,
    fields: plaintext === '' ? {} : parseXml(plaintext),
  };
}
