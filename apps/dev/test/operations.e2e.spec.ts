import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testPush } from '#libs/inbox';
import { KeyRing } from '#libs/kernel';
import { cloneDatabase, eventually } from '#libs/testing';
import { WechatSimulator } from '../../simulator/src/simulator.ts';
import { Cluster, freePort, installedPostgres, ordinaryUser } from './cluster.ts';
import { COMPONENT, HUB, ProcessWorld, Program } from './processes.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const SHOP = 'wxaaaaaaaaaaaaaaaa';

/** A block of commands of the document, by the word after its language. */
function documented(name: string): string {
  const found = new RegExp(`^( *)\`\`\`[a-z]+ ${name}\n([\\s\\S]*?)^ *\`\`\`$`, 'm').exec(read('docs/operations.md'));
  if (!found) throw new Error(`docs/operations.md has no block "${name}"`);
  const [, indent = '', text = ''] = found;
  return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

/** The settings of the document with what is the server's own here. */
function settings(port: number, own: Record<string, string>): Record<string, string> {
  const lines = documented('environment')
    .trim()
    .split('\n')
    .map((line) => line.replace('127.0.0.1:5432', `127.0.0.1:${port}`).split(/=(.*)/s) as [string, string]);
  return { ...Object.fromEntries(lines), ...own };
}

const isInstalled = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, program)));
const postgres = installedPostgres();

(postgres ? describe : describe.skip)('install, back up, restore (docs/operations.md)', () => {
  const clusters: Cluster[] = [];
  let folder: string;
  let world: ProcessWorld;
  /** A server that has what the document says, and the settings of a hub on it. */
  async function install(): Promise<Record<string, string>> {
    const cluster = await Cluster.start((postgres as { folder: string }).folder);
    clusters.push(cluster);
    cluster.run(documented('roles'));
    return settings(cluster.port, {
      PORT: '0',
      MASTER_KEYS: world.masterKeys,
      ADMIN_API_KEY: world.adminKey,
      WECHAT_API_URL: world.simulator.url,
    });
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wxfleet-operations-'));
    world = await ProcessWorld.start();
  });
  afterAll(async () => {
    await world.stop();
    for (const cluster of clusters) await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves on an empty server with the logins of the document, and again from a dump on a new one', async () => {
    const first = await install();
    const started = await world.hub(first);
    expect(started.program.output).not.toContain('database.superuser_login');
    await world.platform(started.url, started.rest);
    world.simulator.world.addMiniProgram({ appid: SHOP });
    const base = `/v1/platforms/${COMPONENT}`;
    await started.rest.post(`${base}/merchants`, { merchant_id: 'm1', name: 'One' });
    await world.simulator.world.authorize(COMPONENT, SHOP, { permissionSets: [17, 18] }).pushed;
    await eventually('the account', () => started.rest.get(`${base}/authorizers/${SHOP}`).catch(() => undefined));
    await started.rest.post(`${base}/authorizers/${SHOP}/snapshots`);
    expect(await started.program.ends('SIGTERM')).toBe(0);

    const bin = (postgres as { folder: string }).folder;
    const shell = (block: string, env: Record<string, string>) =>
      run('sh', ['-eu', '-c', block], {
        cwd: folder,
        env: { PATH: `${bin}:${process.env.PATH}`, MIGRATION_DATABASE_URL: env['MIGRATION_DATABASE_URL'] },
      });
    await shell(documented('dump'), first);
    const second = await install();
    expect((await shell(documented('restore'), second)).stderr).toBe('');

    const restored = await world.hub(second);
    expect(restored.program.output).not.toContain('"database.migrated"');
    world.pointWechatAt(restored.url);
    expect(await restored.rest.get(`${base}/merchants/m1`)).toMatchObject({ name: 'One' });
    expect(await restored.rest.post(`${base}/authorizers/${SHOP}/access-token`)).toHaveProperty('access_token');
    const { items } = await restored.rest.get<{ items: object[] }>(`${base}/authorizers/${SHOP}/snapshots`);
    expect(items).toHaveLength(1);
    const { id } = await restored.rest.post<{ id: string }>(`${base}/reconciliations`);
    await eventually('the comparison with the list of WeChat', async () => {
      const { state } = await restored.rest.get(`${base}/reconciliations/${id}`);
      if (state === 'failed' || state === 'stopped') throw new Error(state);
      return state === 'done';
    });
  }, 120_000);
});

/** One hub that others stand in front of. */
describe('in front of a hub', () => {
  let world: ProcessWorld;
  let hub: Awaited<ReturnType<ProcessWorld['hub']>>;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wxfleet-proxy-'));
    chmodSync(folder, 0o755);
    world = await ProcessWorld.start();
    hub = await world.hub({ TRUSTED_PROXIES: '127.0.0.1' });
    await world.platform(hub.url, hub.rest);
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  (isInstalled('nginx') && isInstalled('openssl') ? it : it.skip)(
    'nginx with the sample passes pushes on as they are, hides metrics, and names the client',
    async () => {
      const [httpPort, httpsPort] = [await freePort(), await freePort()];
      const subject = ['-subj', '/CN=wxfleet.example.com', '-days', '1'];
      const pem = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...pem], { stdio: 'pipe' });
      const site = read('deploy/nginx/wxfleet.conf')
        .replaceAll('/etc/ssl/wxfleet', folder)
        .replace('listen 80;', `listen 127.0.0.1:${httpPort};`)
        .replace('listen 443 ', `listen 127.0.0.1:${httpsPort} `)
        .replace('server 127.0.0.1:3000', `server ${new URL(hub.url).host}`);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (of) => `${of}_temp_path ${folder}/${of};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off;\npid ${folder}/nginx.pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\naccess_log off;\n${temporary.join('\n')}\n${site}\n}\n`,
      );
      const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
      try {
        const ask = (path: string, method = 'GET', body?: string) =>
          new Promise<{ status: number; text: string }>((resolve, reject) => {
            const headers = {
              host: 'wxfleet.example.com',
              authorization: `Bearer ${world.adminKey}`,
              'content-type': 'text/xml',
            };
            const options = {
              ...{ host: '127.0.0.1', port: httpsPort, localAddress: '127.0.0.2' },
              ...{ path, method, headers, rejectUnauthorized: false },
            };
            const request = httpsRequest(options, (response) => {
              const chunks: Buffer[] = [];
              response.on('data', (chunk: Buffer) => chunks.push(chunk));
              response.on('end', () =>
                resolve({ status: response.statusCode as number, text: Buffer.concat(chunks).toString() }),
              );
            });
            request.on('error', reject);
            request.end(body);
          });
        const me = await eventually('nginx', () => ask('/v1/me').catch(() => undefined));
        expect(me.status).toBe(200);
        expect((await ask('/metrics')).status).toBe(404);
        expect((await ask(`/v1/platforms/${COMPONENT}/events?limit=1`)).status).toBe(200);
        const aesKey = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=', 'base64');
        const keys = { platformId: 1, tokens: ['processtoken'], aesKeys: [aesKey] };
        const { query, body } = testPush(COMPONENT, keys);
        const events = `/wechat/${COMPONENT}/events?`;
        expect(await ask(`${events}${query.toString()}`, 'POST', body)).toEqual({ status: 200, text: 'success' });
        query.set('msg_signature', '0'.repeat(40));
        expect((await ask(`${events}${query.toString()}`, 'POST', body)).status).toBe(403);
        const refused = await eventually('the refused push', async () => {
          const { items } = await hub.rest.get<{ items: { address: string }[] }>(
            `/v1/platforms/${COMPONENT}/refused-pushes`,
          );
          return items[0];
        });
        expect(refused.address).toBe('127.0.0.2');
        const plain = await fetch(`http://127.0.0.1:${httpPort}/x`, { redirect: 'manual' });
        expect(plain.status).toBe(301);
      } finally {
        nginx.kill('SIGQUIT');
        await eventually('the end of nginx', () => nginx.exitCode !== null);
      }
    },
  );

  (isInstalled('systemd-analyze') ? it : it.skip)('systemd takes the unit, and its command is the hub', async () => {
    const unit = read('deploy/systemd/wxfleet.service');
    const file = join(folder, 'wxfleet.service');
    // The account and the place of Node.js are the machine's.
    writeFileSync(file, unit.replace('/usr/bin/node', process.execPath).replaceAll(/=wxfleet$/gm, '=root'));
    const { stderr } = await run('systemd-analyze', ['verify', file]);
    expect(stderr).toBe('');
    writeFileSync(file, unit.replace('/usr/bin/node', '/nowhere/node'));
    await expect(run('systemd-analyze', ['verify', file])).rejects.toThrow(/nowhere/);
    expect(/^ExecStart=\/usr\/bin\/node (.+)$/m.exec(unit)?.[1]).toBe(HUB);
  });
});

/** Without a container engine: the commands of the image, as an ordinary user, in a folder with nothing but its files. */
describe('the commands of the image', () => {
  it('migrate, serve, answer the health check, and end within ten seconds of SIGTERM', async () => {
    const text = read('Dockerfile');
    const folder = mkdtempSync('/tmp/wxfleet-image-');
    chmodSync(folder, 0o755);
    const simulator = await WechatSimulator.start({});
    const database = await cloneDatabase();
    try {
      // What both stages of the hub copy from the build.
      const hubOnly = text.replace(/^FROM runtime AS simulator[\s\S]*?(?=^FROM)/m, '');
      const copies = [...hubOnly.matchAll(/^COPY --from=build \/app\/(\S+) (\S+)$/gm)];
      expect(copies.length).toBeGreaterThan(5);
      for (const [, from = '', to = ''] of copies) {
        const target = join(folder, to === './' ? from : to);
        mkdirSync(join(target, '..'), { recursive: true });
        if (from === 'node_modules') {
          // Links where the temporary folder is on the same disk.
          const copy = 'cp -al "$0" "$1" 2>/dev/null || { rm -rf "$1"; cp -a "$0" "$1"; }';
          await run('sh', ['-c', copy, join(root, from), target]);
        } else cpSync(join(root, from), target, { recursive: true });
      }
      // The copy is made of links: what npm writes in place must not be one.
      rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true });
      cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
      const prune = /npm (prune [^\n]+)/.exec(text)?.[1] as string;
      await run('npm', prune.split(' '), { cwd: folder });
      expect(existsSync(join(folder, 'node_modules/jest'))).toBe(false);

      const command = JSON.parse(/^CMD (\[.+\])\s*$/m.exec(hubOnly)?.[1] as string) as string[];
      const health = JSON.parse(/^HEALTHCHECK[\s\S]*?CMD (\[.+\])$/m.exec(text)?.[1] as string) as string[];
      const port = String(await freePort());
      const env = {
        PATH: process.env.PATH as string,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: port,
        DATABASE_URL: database.url,
        MASTER_KEYS: KeyRing.generate('i1'),
        ADMIN_API_KEY: `image_admin_${'x'.repeat(20)}`,
        WECHAT_API_URL: simulator.url,
      };
      const options = { cwd: folder, env, ...ordinaryUser('nobody') };
      await run(process.execPath, ['dist/apps/cli/src/main.js', 'migrate'], options);
      const hub = Program.spawned(spawn(process.execPath, command.slice(1), { ...options, stdio: 'pipe' }));
      await hub.says(/"event":"hub\.started"/);
      await run(process.execPath, health.slice(1), options);
      await expect(
        run(process.execPath, health.slice(1), { ...options, env: { ...env, PORT: '1' } }),
      ).rejects.toThrow();
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
      expect(await hub.ends('SIGTERM', 10_000)).toBe(0);
    } finally {
      await simulator.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
