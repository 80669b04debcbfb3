import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { type Answer, ScriptedServer, drop, half, json, page, rubbish, silence } from '../test/scripted-server.ts';
import { ComponentApi } from './component-api.ts';
import { WechatError } from './errors.ts';
import { MiniProgramApi } from './mini-program-api.ts';
import { WechatTransport } from './transport.ts';

/** Every one is recognisable by a part of its own, so that a piece left behind is found as well. */
const SECRETS = {
  token: 'CAT-6f1d1c/token+value=',
  appsecret: '28c223a63f7de0d5appsecret',
  ticket: 'ticket@@@hXh2446N-P9OOZqW4EeuPO9zFXEn',
  code: 'queryauthcode@@@SZcpH5K7',
  refresh: 'refreshtoken@@@RU0Sgi7bD6apS7frS9gj8Sbws7OoDejK9Z',
  fresh: 'QXjUqNqfYVH0yBE1iI_7vuN_9gQbpjfK7hYwJ3P7xOa88a89',
};
const PIECES = ['6f1d1c', '28c223', 'hXh2446N', 'SZcpH5K7', 'RU0Sgi7b', 'QXjUqNqf'];

/** Answers that repeat what was asked, or hold fresh tokens, in every broken form. */
const answers: [string, Answer][] = [
  [
    'an error page that repeats the request',
    (seen, response) => response.writeHead(500).end(`<html>${seen.method} ${seen.url} ${seen.body}`),
  ],
  [
    'a page with status 200 that repeats it',
    (seen, response) => response.end(`<pre>${decodeURIComponent(seen.url)}\n${seen.body}</pre>`),
  ],
  [
    'an errmsg that repeats it',
    (seen, response) =>
      response.end(
        JSON.stringify({
          errcode: 40001,
          errmsg: `invalid credential ${seen.url} ${decodeURIComponent(seen.url)}`,
          request: seen.body,
        }),
      ),
  ],
  ['half a body with a fresh token', half(`{"component_access_token":"${SECRETS.fresh}`)],
  [
    'half a body that ends inside a known token',
    (seen, response) => half(`{"echo":"${decodeURIComponent(seen.url).slice(0, -3)}`)(seen, response),
  ],
  ['fresh tokens in another shape', json({ tokens: { new_name: SECRETS.fresh, pre_auth_code: SECRETS.fresh } })],
  [
    'fresh tokens with a wrong expiry',
    json({
      component_access_token: SECRETS.fresh,
      authorizer_access_token: SECRETS.fresh,
      pre_auth_code: SECRETS.fresh,
      expires_in: 'soon',
    }),
  ],
  ['fresh tokens in a JSON text', json(JSON.stringify(SECRETS.fresh))],
  [
    'fresh tokens with another status',
    page(503, JSON.stringify({ authorizer_refresh_token: SECRETS.refresh, x: SECRETS.fresh })),
  ],
  ['fresh tokens after a megabyte', json({ filler: 'x'.repeat(1_100_000), component_access_token: SECRETS.fresh })],
  ['fresh tokens in something that is not HTTP', rubbish(`{"component_access_token":"${SECRETS.fresh}"}`)],
  ['a broken connection', drop],
  ['silence', silence],
];

let server: ScriptedServer;
let transport: WechatTransport;
beforeEach(async () => {
  server = await ScriptedServer.start();
  transport = new WechatTransport({ baseUrl: server.url, timeoutMs: 150, maxConcurrency: 8, random: () => 0 });
});
afterEach(async () => {
  await server.stop();
  await transport.close();
});

describe('errors never hold a token or a secret', () => {
  it.each(answers)('%s', async (_name, answer) => {
    server.script = [answer];
    const component = new ComponentApi(transport);
    const call = {
      componentAppid: 'wxd0bfc95064b5bfc1',
      authorizerAppid: 'wxf8b4f85f3a794e77',
      priority: 'interactive',
    } as const;
    const { token, appsecret, ticket, code, refresh } = SECRETS;
    const works: Promise<unknown>[] = [
      component.startPushTicket(call, { appsecret: Secret.of(appsecret) }),
      component.componentToken(call, { appsecret: Secret.of(appsecret), ticket: Secret.of(ticket) }),
      component.createPreauthCode(call, Secret.of(token)),
      component.queryAuth(call, Secret.of(token), Secret.of(code)),
      component.authorizerToken(call, Secret.of(token), Secret.of(refresh)),
      component.getAuthorizerInfo(call, token),
      component.getAuthorizerList(call, token, { offset: 0, count: 500 }),
      component.clearComponentQuotaV2(call, { appsecret }),
    ];
    const settled = await Promise.allSettled(works);
    let failed = 0;
    for (const result of settled) {
      // The calls that expect no token may take such a body for a success; they keep nothing of it.
      if (result.status === 'fulfilled') continue;
      failed += 1;
      expect(result.reason).toBeInstanceOf(WechatError);
      const error = result.reason as WechatError;
      const shown = [
        inspect(error, { depth: 10, showHidden: true }),
        JSON.stringify(error),
        error.message,
        error.stack,
        String(error.cause),
      ].join('\n');
      for (const piece of PIECES) expect([piece, shown.includes(piece)]).toEqual([piece, false]);
    }
    expect(failed).toBeGreaterThanOrEqual(6);
  });

  it('nor do those of calls on behalf of a merchant', async () => {
    const api = new MiniProgramApi(transport);
    const call = { componentAppid: 'wx1', authorizerAppid: 'wx2', priority: 'background' } as const;
    for (const [, answer] of answers.slice(0, 5)) {
      server.script = [answer];
      for (const work of [
        api.getEffectiveDomain(call, SECRETS.token),
        api.getEffectiveDomainRaw(call, Secret.of(SECRETS.token)),
      ]) {
        const error: unknown = await work.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(WechatError);
        const shown = inspect(error, { depth: 10, showHidden: true });
        for (const piece of PIECES.slice(0, 1)) expect(shown).not.toContain(piece);
      }
    }
  });
});
