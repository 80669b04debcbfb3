import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { Program } from '../../dev/test/processes.ts';

const run = promisify(execFile);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The example in a folder of its own, where nothing is installed but the packed client. */
describe('the packed client', () => {
  let folder: string;
  let program: Program | undefined;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wxfleet-packed-'));
    const { stdout } = await run(process.execPath, ['libs/client/pack.mjs', folder]);
    const packed = stdout.trim();
    // The one dependency as it is installed here: no network.
    const dependencies = await Promise.all(
      ['openapi-fetch', 'openapi-typescript-helpers'].map(async (name) => {
        const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
        const made = await npm(args, resolve('node_modules', name));
        return join(folder, (JSON.parse(made) as { filename: string }[])[0]?.filename ?? '');
      }),
    );
    await cp('dist/apps/example-backend/src', join(folder, 'src'), { recursive: true });
    await cp('apps/example-backend/package.example.json', join(folder, 'package.json'));
    await npm(['install', '--offline', '--no-audit', '--no-fund', '--no-save', packed, ...dependencies], folder);
    program = Program.start(join(folder, 'src', 'main.js'), {
      WXFLEET_URL: 'http://127.0.0.1:1',
      WXFLEET_API_KEY: 'wxf_spec',
      COMPONENT_APPID: 'wxspec',
      WEBHOOK_SECRET: SECRET,
      PORT: '0',
    });
    url = (await program.says(/example backend: (\S+)/))[1] as string;
  }, 180_000);
  afterAll(async () => {
    await program?.ends('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('is all that the example backend needs', async () => {
    const listed = JSON.parse(
      await npm(['ls', '--all', '--json'], folder).catch((error: { stdout: string }) => error.stdout),
    ) as {
      dependencies: Record<string, unknown>;
    };
    expect(Object.keys(listed.dependencies).sort()).toEqual([
      'openapi-fetch',
      'openapi-typescript-helpers',
      'wxfleet-client',
    ]);
    const manifest = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const client = await manifest(join(folder, 'node_modules', 'wxfleet-client', 'package.json'));
    const hub = await manifest('package.json');
    expect(client['version']).toBe(hub['version']);
    expect(Object.keys(client['dependencies'] as object)).toEqual(['openapi-fetch']);
    // No hub is there: the client says so, and the example passes it on.
    const answer = await fetch(`${url}/shops/wxshop/live-domains`);
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: 'network' }]);
  });

  it('verifies webhooks in the example, which takes each event once and nothing that is not signed', async () => {
    const body = JSON.stringify({
      type: 'quota.parked',
      timestamp: new Date().toISOString(),
      data: { path: '/x' },
      id: '1',
    });
    const at = new Date();
    const headers = (id: string, signed = body) => ({
      connection: 'close',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(SECRET).sign(id, at, signed),
    });
    const post = (init: RequestInit) => fetch(`${url}/webhooks`, { method: 'POST', ...init });
    for (let n = 0; n < 2; n += 1) expect((await post({ headers: headers('evt_1'), body })).status).toBeLessThan(300);
    expect((await post({ headers: headers('evt_2', 'another body'), body })).status).toBe(401);
    expect((await post({ body })).status).toBe(401);
    const { events } = (await (await fetch(`${url}/webhooks`, { headers: { connection: 'close' } })).json()) as {
      events: { data: unknown }[];
    };
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).toContain('quota.parked');
  });

  it('has types that a strict program compiles with', async () => {
    await writeFile(
      join(folder, 'use.ts'),
      `import { AccessTokens, createWxfleetClient, events, verifyWebhook, type Schemas } from 'wxfleet-client';
       const client = createWxfleetClient({ baseUrl: 'http://127.0.0.1', apiKey: 'k' });
       export async function use(): Promise<string[]> {
         const { data } = await client.GET('/v1/platforms/{component_appid}/merchants', { params: { path: { component_appid: 'c' } } });
         // @ts-expect-error there is no such path
         await client.GET('/v1/nothing');
         for await (const event of events(client, { componentAppid: 'c' })) console.log(event.type);
         verifyWebhook('s', {}, '');
         new AccessTokens({ client, componentAppid: 'c' });
         return (data?.items ?? []).map((merchant: Schemas['Merchant']) => merchant.name);
       }`,
    );
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,dom'];
    const types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node'];
    const complaints = await run(process.execPath, [tsc, ...options, ...types, 'use.ts'], { cwd: folder }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    );
    expect(complaints).toBe('');
  }, 120_000);
});

async function npm(args: string[], cwd: string): Promise<string> {
  const script = process.env['npm_execpath'];
  const [program, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const { stdout } = await run(program, [...first, ...args], { cwd });
  return stdout;
}
