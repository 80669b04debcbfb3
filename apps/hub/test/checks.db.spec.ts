import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PlatformChecksView } from '#libs/contract';
import { SystemClock } from '#libs/kernel';
import { Receiver, eventually, testCertificate } from '#libs/testing';
import { confirmFileOf } from '../../simulator/src/confirm-file.ts';
import type { Hub } from '../src/hub.ts';
import { AES_KEY, APPSECRET, HubWorld, PUSH_TOKEN } from './hub-world.ts';

jest.setTimeout(60_000);

type Handler = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void;

const OTHER_KEY = '0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz';

/** Speaks TLS and has no certificate. */
async function bareTlsServer() {
  const server = createTlsServer();
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, close: () => server.close() };
}

/** Ten minutes ahead. */
class FastClock extends SystemClock {
  override wallMs(): number {
    return super.wallMs() + 600_000;
  }
}

/** What stands between a machine and the internet: each connection goes out by another address. */
async function addressPool(addresses: readonly string[], to: { host: string; port: number }) {
  let no = 0;
  const server = createTcpServer((inner) => {
    const outer = connect({ ...to, localAddress: addresses[no++ % addresses.length] as string });
    const end = () => [inner, outer].forEach((socket) => socket.destroy());
    for (const socket of [inner, outer]) socket.on('error', end).on('close', end);
    inner.pipe(outer).pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

describe('the checks of a platform', () => {
  let world: HubWorld;
  /** A business domain; what it has at its root, by path. */
  let site: ReturnType<typeof createServer>;
  const files = new Map<string, string>();
  /** What stands at `PUBLIC_URL`: passes on, unless a fault is planted. */
  let proxy: ReturnType<typeof createServer>;
  let fault: Handler | null = null;
  let count = 0;

  beforeAll(async () => {
    proxy = createServer((request, response) => {
      const pass = () => void forward(request, response);
      if (fault && request.headers['user-agent'] !== undefined) fault(request, response, pass);
      else pass();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    site = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    world = await HubWorld.start({
      PUBLIC_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      WEBHOOK_NETWORKS: '127.0.0.0/8',
    });
  });
  afterAll(async () => {
    await world.stop();
    for (const server of [proxy, site]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function forward(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(world.hub.url + (request.url ?? ''), {
      method: request.method ?? 'GET',
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      headers: { 'content-type': request.headers['content-type'] ?? 'text/xml' },
    });
    response.statusCode = answer.status;
    response.end(await answer.text());
  }

  /** A platform of its own for each fault, so that no evidence of another one is in the way. */
  const appidOf = () => `wxchecked${String((count += 1)).padStart(7, '0')}`;

  async function healthy(appid = appidOf()): Promise<string> {
    await world.platform(appid);
    world.simulator.world.setPlatformServerDomains(appid, ['api.example.com']);
    return appid;
  }

  /** Business domains at WeChat; the site has the file that WeChat names, unless it has `content`. */
  function businessDomains(appid: string, domains: readonly string[], content?: string | null): void {
    const file = confirmFileOf(appid, world.simulator.world.seed);
    if (content !== null) files.set(`/${file.file_name}`, content ?? file.file_content);
    world.simulator.world.setPlatformJumpDomains(appid, domains);
  }
  const siteUrl = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

  /** Known to the hub; what WeChat knows of it differs. No ticket has been pushed yet. */
  async function registered(atWechat: Partial<Parameters<typeof world.simulator.world.addPlatform>[0]> = {}) {
    const appid = appidOf();
    const body = {
      component_appid: appid,
      component_appsecret: APPSECRET,
      token: PUSH_TOKEN,
      encoding_aes_key: AES_KEY,
      name: appid,
    };
    const { body: created } = await world.call('POST', '/v1/platforms', { body });
    world.simulator.world.addPlatform({
      componentAppid: appid,
      componentAppsecret: APPSECRET,
      token: PUSH_TOKEN,
      encodingAesKey: AES_KEY,
      eventsUrl: created['events_url'] as string,
      messagesUrl: created['messages_url'] as string,
      pushTickets: false,
      ...atWechat,
    });
    return appid;
  }

  const pushThrice = async (appid: string) => {
    for (let n = 0; n < 3; n += 1) await world.simulator.world.pushTicket(appid).catch(() => undefined);
  };

  async function check(appid: string, hub: Hub = world.hub): Promise<PlatformChecksView> {
    const ran = await world.call<PlatformChecksView>('POST', `/v1/platforms/${appid}/checks`, {}, hub);
    if (ran.status !== 200) throw new Error(ran.text);
    return ran.body;
  }

  const of = (checks: PlatformChecksView, id: string) => checks.items.find((item) => item.id === id)!;
  const firstOf = (checks: PlatformChecksView) => {
    const item = checks.items.find(({ id }) => id === checks.first_fail);
    return item && [item.id, item.finding];
  };
  const sql = (text: string, values: unknown[]) => world.db.run(text, values);
  const idOf = async (appid: string) => {
    const [row] = await world.db.query<{ id: number }>(
      'SELECT platform_id AS id FROM custody.component_account WHERE component_appid = $1',
      [appid],
    );
    return row!.id;
  };

  it('are unknown before the first run, and have neither a failure nor a warning in a healthy world', async () => {
    const appid = await healthy();
    await world.merchant(appid, 'm1');
    await world.miniProgram(appid, 'wxhealthyshop001', { merchantId: 'm1' });
    businessDomains(appid, [siteUrl()]);
    const path = `/v1/platforms/${appid}/checks`;
    const before = await world.call<PlatformChecksView>('GET', path);
    expect(before.body.checked_at).toBeNull();
    expect(new Set(before.body.items.map(({ status }) => status))).toEqual(new Set(['unknown']));
    const after = await check(appid);
    expect(after.items.filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([]);
    expect(after.first_fail).toBeNull();
    for (const id of ['test_push', 'arrivals', 'ticket', 'component_token', 'permission_set_18', 'platform_domains']) {
      expect([id, of(after, id).status]).toEqual([id, 'pass']);
    }
    expect(of(after, 'confirm_files')).toMatchObject({
      status: 'pass',
      evidence: ['1 of 1 business domains serve it'],
    });
    expect(of(after, 'name_and_certificate').evidence).toContain('WeChat resolves it to 127.0.0.1 (UNICOM)');
    // What WeChat pushed before is counted, the own test push is not.
    const counted = /^(\d+) pushes in 24 hours: 99 % answered after/;
    const pushes = (checks: PlatformChecksView) =>
      of(checks, 'answer_times').evidence.flatMap((line) => counted.exec(line)?.[1] ?? []);
    expect(pushes(after)).toEqual(['2']);
    expect((await world.call('GET', path)).body).toEqual(after);
    // The test push leaves nothing behind.
    expect(await world.db.query(`SELECT 1 FROM inbox.push WHERE info_type LIKE 'wxfleet%'`)).toEqual([]);
    const again = await check(appid);
    expect(of(again, 'ticket').since).toBe(of(after, 'ticket').since);
    expect(pushes(again)).toEqual(['2']);
    // The calls are counted like all others.
    await eventually('the calls of the checks in the quota', async () => {
      const { body } = await world.call<{ calls: { path: string }[] }>('GET', `/v1/platforms/${appid}/quota`);
      const paths = body.calls.map(({ path: called }) => called);
      return ['component/get_domain_confirmfile', 'component/modify_wxa_jump_domain', 'callback/check'].every((name) =>
        paths.includes(`/cgi-bin/${name}`),
      );
    });
    world.simulator.world.setPlatformJumpDomains(appid, []);
    expect(of(await check(appid), 'confirm_files')).toMatchObject({ status: 'skipped', next_step: null });
  });

  it('are for those who see the whole platform; running them changes, so it needs a scope for that', async () => {
    const appid = await healthy();
    await world.merchant(appid, 'm1');
    const limited = await world.apiKey(appid, { scopes: ['authorizers:read'], merchantIds: ['m1'] });
    const reader = await world.apiKey(appid, { scopes: ['authorizers:read'] });
    const path = `/v1/platforms/${appid}/checks`;
    expect((await world.call('GET', path, { key: limited })).status).toBe(403);
    expect((await world.call('GET', path, { key: reader })).status).toBe(200);
    expect((await world.call('POST', path, { key: reader })).status).toBe(403);
  });

  describe('name a fault that was planted first', () => {
    const planted: Record<string, [check: string, finding: string, plant: () => Promise<PlatformChecksView>]> = {
      'a secret under a key that is gone': [
        'master_keys',
        'secret_not_openable',
        async () => {
          const appid = await healthy();
          const [{ sealed } = { sealed: null }] = await world.db.query<{ sealed: Buffer }>(
            'SELECT sealed_appsecret AS sealed FROM custody.component_account WHERE component_appid = $1',
            [appid],
          );
          const set = `UPDATE custody.component_account SET sealed_appsecret = $2 WHERE component_appid = $1`;
          await sql(set, [appid, Buffer.concat([sealed!.subarray(0, 2), Buffer.from('!!!!'), sealed!.subarray(6)])]);
          // Without it no further hub would start.
          return check(appid).finally(() => sql(set, [appid, sealed]));
        },
      ],
      'a clock that is ten minutes fast': [
        'clocks',
        'clock_wrong',
        async () => check(await healthy(), await world.addHub({}, undefined, new FastClock())),
      ],
      'a host without a name': [
        'name_and_certificate',
        'name_unknown',
        async () => check(await healthy(), await world.addHub({ PUBLIC_URL: 'http://no-such-host.invalid' })),
      ],
      'a server without a certificate': [
        'name_and_certificate',
        'certificate_refused',
        async () => {
          const { url, close } = await bareTlsServer();
          const hub = await world.addHub({ PUBLIC_URL: url });
          return check(await healthy(), hub).finally(close);
        },
      ],
      'nothing at the port': [
        'test_push',
        'not_reachable',
        async () => check(await healthy(), await world.addHub({ PUBLIC_URL: 'http://127.0.0.1:9' })),
      ],
      'a proxy that redirects': [
        'test_push',
        'push_redirected',
        () => behind((_, response) => response.writeHead(302, { location: '/elsewhere' }).end()),
      ],
      'a proxy that drops bodies': [
        'test_push',
        'push_body_lost',
        () =>
          behind(async (request, response) => {
            const answer = await fetch(world.hub.url + (request.url ?? ''), {
              method: 'POST',
              headers: { 'content-type': 'text/xml' },
              body: '',
            });
            response.writeHead(answer.status).end(await answer.text());
          }),
      ],
      'a proxy without the path': [
        'test_push',
        'push_not_routed',
        () => behind((_, response) => response.writeHead(404).end('not here')),
      ],
      'a proxy without the method': [
        'test_push',
        'push_not_routed',
        () => behind((_, response) => response.writeHead(405).end()),
      ],
      'another program at the address': [
        'test_push',
        'push_wrong_answer',
        () => behind((_, response) => response.end('<html>welcome</html>')),
      ],
      'an answer without a body': ['test_push', 'push_wrong_answer', () => behind((_, response) => response.end())],
      'a proxy that hangs': ['test_push', 'push_timed_out', () => behind(() => undefined)],
      'a slow hub': ['answer_times', 'slow_answers', () => behind((_, __, pass) => void setTimeout(pass, 4200))],
      'a backend that lets WeChat wait': [
        'answer_times',
        'slow_backend',
        async () => {
          const appid = await healthy();
          const shop = `wxslowshop${count}`;
          await world.miniProgram(appid, shop);
          const backend = await Receiver.start();
          backend.answer = () => new Promise((resolve) => setTimeout(() => resolve(200), 4200));
          try {
            const body = { url: backend.url, source: 'messages', mode: 'reply', deadline_ms: 4400 };
            const { status, text } = await world.call('PUT', `/v1/platforms/${appid}/relays/desk`, { body });
            if (status >= 300) throw new Error(text);
            await Promise.all(['1', '2', '3'].map((said) => world.simulator.world.messages.say(appid, shop, said)));
            return await check(appid);
          } finally {
            await backend.stop();
          }
        },
      ],
      'another token at WeChat': ['arrivals', 'wrong_token', () => withPushes({ token: 'anothertoken' })],
      'another EncodingAESKey at WeChat': [
        'arrivals',
        'wrong_aes_key',
        () => withPushes({ encodingAesKey: OTHER_KEY }),
      ],
      'the URL of another platform': [
        'arrivals',
        'wrong_platform',
        async () => {
          const appid = await registered();
          const eventsUrl = world.simulator.world.platform(appid).eventsUrl;
          await pushThrice(await registered({ eventsUrl }));
          return check(appid);
        },
      ],
      'bodies that a proxy has changed': [
        'arrivals',
        'unreadable_pushes',
        async () => {
          const appid = await registered();
          for (let n = 0; n < 3; n += 1) {
            await world.call('POST', `/wechat/${appid}/events?timestamp=1&nonce=1&msg_signature=1`, {
              key: null,
              body: '{}',
            });
          }
          return check(appid);
        },
      ],
      'no push at all': [
        'arrivals',
        'nothing_arrived',
        async () => {
          const appid = await registered();
          await sql(
            `UPDATE custody.component_account SET created_at = created_at - interval '1 hour' WHERE component_appid = $1`,
            [appid],
          );
          return check(appid);
        },
      ],
      'an appid that WeChat does not know': [
        'arrivals',
        'not_a_platform',
        async () => {
          const appid = appidOf();
          const { status, text } = await world.call('POST', '/v1/platforms', {
            body: {
              component_appid: appid,
              component_appsecret: APPSECRET,
              token: PUSH_TOKEN,
              encoding_aes_key: AES_KEY,
              name: appid,
            },
          });
          if (status !== 201) throw new Error(text);
          return check(appid);
        },
      ],
      'a callback URL that was taken away at WeChat': [
        'arrivals',
        'no_callback_url',
        async () => {
          const appid = await healthy();
          await check(appid); // with a token
          await sql('DELETE FROM inbox.push WHERE platform_id = $1', [await idOf(appid)]);
          const { faults } = world.simulator.world;
          const { id } = faults.add({
            match: { componentAppid: appid, path: '/cgi-bin/callback/check' },
            kind: 'errcode',
            errcode: 40201,
          });
          return check(appid).finally(() => faults.remove(id));
        },
      ],
      'pushes that WeChat has stopped': [
        'ticket',
        'ticket_pushes_stopped',
        async () => {
          const appid = await aged();
          world.simulator.world.platform(appid).pushing = false;
          return check(appid);
        },
      ],
      'pushes that are lost on the way': ['ticket', 'ticket_not_received', async () => check(await aged())],
      'a wrong secret': [
        'component_token',
        'wrong_secret',
        () => withPushes({ componentAppsecret: 'f'.repeat(32) }, 1),
      ],
      'a foreign address': ['egress_address', 'not_whitelisted', () => withPushes({ ipWhitelist: ['203.0.113.9'] }, 1)],
      'a platform that is not published': [
        'published',
        'not_published',
        async () => {
          const appid = await healthy();
          await world.miniProgram(appid, 'wxunpublished001');
          await sql(
            `UPDATE custody.authorizer_token SET failures = 1, last_failure = '{"wechat": {"errcode": 61028}}' WHERE authorizer_appid = $1`,
            ['wxunpublished001'],
          );
          return check(appid);
        },
      ],
      'merchants that did not grant set 18': [
        'permission_set_18',
        'all_lack_set_18',
        async () => {
          const appid = await healthy();
          await world.miniProgram(appid, 'wxwithoutset1801', { permissionSets: [17, 25] });
          return check(appid);
        },
      ],
      'a comparison that ended with an alarm': [
        'reconciliation',
        'reconciliation_failed',
        async () => {
          const appid = await healthy();
          const platformId = await idOf(appid);
          await sql(
            `INSERT INTO authorizers.reconciliation (platform_id, state, reason, finished_at)
             VALUES ($1, 'stopped', 'the list is much shorter than before', wxfleet.now())`,
            [platformId],
          );
          return check(appid);
        },
      ],
      'an empty list of server domains': [
        'platform_domains',
        'domain_list_empty',
        async () => {
          const appid = await healthy();
          world.simulator.world.setPlatformServerDomains(appid, []);
          return check(appid);
        },
      ],
      'a business domain without the file': [
        'confirm_files',
        'confirm_file_missing',
        () => withBusinessDomain(siteUrl(), null),
      ],
      'a business domain with another file': [
        'confirm_files',
        'confirm_file_wrong',
        () => withBusinessDomain(siteUrl(), 'that of another platform'),
      ],
      'a business domain with a certificate that nobody vouches for': [
        'confirm_files',
        'confirm_certificate_refused',
        async () => {
          const server = createHttpsServer(testCertificate(['h5.example.com']), (_, response) => response.end());
          await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
          return withBusinessDomain(`127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() =>
            server.close(),
          );
        },
      ],
      'a business domain that nobody serves': [
        'confirm_files',
        'confirm_domain_unreachable',
        () => withBusinessDomain('no-such-host.invalid'),
      ],
      'a webhook that was switched off': [
        'webhooks_and_relays',
        'endpoint_disabled',
        async () => {
          const appid = await healthy();
          await sql(
            `INSERT INTO events.webhook_endpoint (platform_id, endpoint_id, url, ordering, format, signature, sealed_secret,
               fanned_out_seq, created_by, state, disabled_at, disabled_reason)
             VALUES ($1, 'we_checked', 'https://receiver.example.com/hook', 'none', 'standard', 'v1', '', 0, 'spec',
               'disabled', wxfleet.now(), 'failing')`,
            [await idOf(appid)],
          );
          return check(appid);
        },
      ],
    };

    const behind = async (handler: Handler) => {
      const appid = await healthy();
      fault = handler;
      return check(appid).finally(() => {
        fault = null;
      });
    };
    const withPushes = async (atWechat: Parameters<typeof registered>[0], pushes = 3) => {
      const appid = await registered(atWechat);
      for (let n = 0; n < pushes; n += 1) await world.simulator.world.pushTicket(appid).catch(() => undefined);
      return check(appid);
    };
    const withBusinessDomain = async (domain: string, content?: string | null) => {
      const appid = await healthy();
      businessDomains(appid, [domain], content);
      const checks = await check(appid);
      expect(of(checks, 'confirm_files').evidence[0]).toContain(`${domain}: `);
      const { file_name: name, file_content: text } = confirmFileOf(appid, world.simulator.world.seed);
      expect(of(checks, 'confirm_files').evidence.join()).toContain(`file ${name} with the content ${text}`);
      return checks;
    };
    const aged = async () => {
      const appid = await healthy();
      await sql(
        `UPDATE custody.component_ticket SET received_at = received_at - interval '2 hours' WHERE platform_id = $1`,
        [await idOf(appid)],
      );
      return appid;
    };

    it('at least twenty of them', () => expect(Object.keys(planted).length).toBeGreaterThanOrEqual(20));

    it.each(Object.entries(planted))('%s', async (_, [id, finding, plant]) => {
      const checks = await plant();
      expect(firstOf(checks)).toEqual([id, finding]);
      const { evidence, next_step: next, next_step_zh: nextZh } = of(checks, id);
      expect(evidence.length).toBeGreaterThan(0);
      expect(next).toMatch(/\.$/);
      expect(nextZh).toMatch(/\p{Script=Han}/u);
    });

    it('with the address that WeChat sees', async () => {
      const checks = await withPushes({ ipWhitelist: ['203.0.113.9'] }, 1);
      expect(of(checks, 'egress_address').evidence).toEqual(['WeChat sees 127.0.0.1']);
      expect(of(checks, 'component_token').status).toBe('unknown');
      expect(of(checks, 'platform_domains').status).toBe('skipped');
    });

    it('with every address of a pool', async () => {
      const { hostname: host, port } = new URL(world.simulator.url);
      const pool = await addressPool(['127.0.0.2', '127.0.0.3'], { host, port: Number(port) });
      try {
        const hub = await world.addHub({ WECHAT_API_URL: pool.url });
        const appid = await healthy();
        await check(appid, hub); // a token
        world.simulator.world.platform(appid).configure({ ipWhitelist: ['203.0.113.9'] });
        const checks = await check(appid, hub);
        expect(firstOf(checks)).toEqual(['egress_address', 'not_whitelisted']);
        expect(of(checks, 'egress_address').evidence).toEqual(['WeChat sees 127.0.0.2, 127.0.0.3', 'add all of them']);
      } finally {
        pool.close();
      }
    });

    it('and what is repaired passes, with another time', async () => {
      const appid = await registered({ token: 'anothertoken' });
      await pushThrice(appid);
      const broken = await check(appid);
      world.simulator.world.platform(appid).configure({ token: PUSH_TOKEN });
      await world.simulator.world.pushTicket(appid);
      const whole = await eventually('the first ticket is used', async () => {
        const checks = await check(appid);
        return of(checks, 'arrivals').status === 'pass' ? checks : undefined;
      });
      expect(of(whole, 'arrivals').since! > of(broken, 'arrivals').since!).toBe(true);
    });
  });
});
