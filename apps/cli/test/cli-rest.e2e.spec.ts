import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Receiver, eventually } from '#libs/testing';
import { COMPONENT, ProcessWorld, Program } from '../../dev/test/processes.ts';
import { openShop } from './open-shop.ts';

const CLI = 'dist/apps/cli/src/main.js';
const SHOP = 'wxclishop00000002';
const exec = promisify(execFile);

type Row = Record<string, unknown>;

/** The command line as a person and as a script use it, against a hub. */
describe('the command line, call by call', () => {
  let world: ProcessWorld;
  let url: string;
  let folder: string;
  let receiver: Receiver;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wxfleet-cli-rest-'));
    receiver = await Receiver.start();
    world = await ProcessWorld.start();
    const hub = await world.hub({ WEBHOOK_NETWORKS: '127.0.0.0/8' });
    url = hub.url;
    await openShop(world, hub, SHOP);
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await receiver?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(args: string[], env: Record<string, string> = {}, cli = CLI) {
    const program = Program.start(
      cli,
      { WXFLEET_URL: url, ADMIN_API_KEY: world.adminKey, WXFLEET_PROFILES: join(folder, 'profiles.json'), ...env },
      args,
    );
    const code = await program.ends();
    const rows = program.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Row);
    return { code, output: program.output, rows };
  }
  const rows = async (...args: string[]) => {
    const { code, output, rows: found } = await run(['--json', ...args]);
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${output}`);
    return found;
  };

  it('makes a merchant, gives it an account, and shows both', async () => {
    expect(await rows('merchants', 'add', 'm-1', '小店')).toMatchObject([{ merchant_id: 'm-1', name: '小店' }]);
    expect(await rows('merchants', 'rename', 'm-1', '大店')).toMatchObject([{ name: '大店' }]);
    expect((await run(['merchants', 'list'])).output).toMatch(/merchant_id +name +created_at\nm-1 +大店 /);
    expect(await rows('authorizers', 'assign', SHOP, 'm-1')).toMatchObject([{ merchant_id: 'm-1' }]);
    expect(await rows('authorizers', 'show', SHOP)).toMatchObject([{ authorizer_appid: SHOP, state: 'authorized' }]);
    expect(await rows('authorizers', 'grants', SHOP)).toMatchObject([{ state: 'authorized' }]);
    expect(await rows('me')).toMatchObject([{ kind: expect.any(String) }]);
  }, 60_000);

  it('looks, and tells what changed', async () => {
    const from = new Date().toISOString();
    world.simulator.world.setDomains(SHOP, {
      effective_domain: { requestdomain: ['https://a.example', 'https://b.example'] },
    });
    const [taken] = await rows('snapshots', 'take', SHOP);
    expect(taken).toMatchObject({ changes: [{ added: ['https://b.example'] }] });
    expect(await rows('snapshots', 'show', String(taken?.['id']))).toMatchObject([{ id: taken?.['id'] }]);
    expect((await run(['snapshots', 'list', SHOP])).output).toContain('https://b.example');
    const to = new Date(Date.now() + 60_000).toISOString();
    expect((await run(['diff', SHOP, '--from', from, '--to', to])).output).toMatch(
      /effective_domain +requestdomain +https:\/\/b\.example/,
    );
    expect(await rows('changes', '--domain', 'https://b.example')).toMatchObject([{ authorizer_appid: SHOP }]);
    expect((await rows('lifespans', SHOP)).map(({ domain }) => domain).sort()).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
    expect(await rows('coverage', '--domain', 'https://b.example', '--list', 'requestdomain')).toMatchObject([
      { authorizer_appid: SHOP, merchant_id: 'm-1', verdict: 'covered' },
    ]);
    expect((await run(['gauges'])).output).toMatch(/^lists\n.*requestdomain +2 +200/ms);
    const file = join(folder, 'release.json');
    await writeFile(file, JSON.stringify({ domains: [{ list: 'requestdomain', domain: 'https://c.example' }] }));
    expect(await rows('assert', file)).toMatchObject([{ authorizer_appid: SHOP, verdict: 'missing' }]);
    expect(await rows('observations', SHOP)).not.toEqual([]);
    expect(await rows('overview')).toMatchObject([{ mini_programs: expect.anything() }]);
    expect(await rows('drift')).toEqual(expect.any(Array));
    expect(await rows('sweeps', 'list')).toEqual(expect.any(Array));
  }, 120_000);

  it('follows events, and reads those after a position', async () => {
    const tail = await rows('events', 'tail', '--type', 'domains.*', '--authorizer', SHOP, '--limit', '2');
    expect(tail.map(({ type }) => type)).toEqual(['domains.changed', 'domains.effective']);
    const listed = await rows('events', 'list', '--type', 'domains.*', '--after', String(tail[0]?.['id']));
    expect(listed.map(({ id }) => id)).toEqual([tail[1]?.['id']]);
    expect((await run(['events', 'tail', '--type', 'authorizer.*', '--limit', '1'])).output).toMatch(
      /^\d+ {2}\S+Z {2}authorizer\.assigned {2}wxclishop00000002 {2}\{/,
    );
  }, 60_000);

  it('manages webhooks: from the secret to a replay', async () => {
    const [made] = await rows('webhooks', 'add', receiver.url, '--types', 'domains.*,webhook.test');
    const id = String(made?.['id']);
    expect(made).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
    expect(await rows('webhooks', 'test', id)).toMatchObject([{ delivered: true, status: 200 }]);
    expect(await rows('webhooks', 'list')).toMatchObject([{ id, state: 'enabled' }]);
    const all = ['--after', '0', '--until', '1000000', '--only', 'all'];
    expect(await rows('webhooks', 'replay', id, ...all, '--dry-run')).toMatchObject([{ matched: 2 }]);
    expect(await rows('webhooks', 'replay', id, ...all)).toMatchObject([{ matched: 2 }]);
    const delivered = await eventually(
      'the deliveries',
      async () => {
        const found = await rows('webhooks', 'deliveries', id, '--state', 'delivered');
        return found.length === 2 ? found : undefined;
      },
      30_000,
    );
    const delivery = String(delivered[0]?.['id']);
    expect((await run(['webhooks', 'delivery', id, delivery])).output).toMatch(/no +at +status[^\n]*\n1 +\S+ +200/);
    expect(await run(['webhooks', 'retry', id, delivery])).toMatchObject({ code: 5 });
    expect(await rows('webhooks', 'rotate', id)).toMatchObject([{ secret: expect.stringMatching(/^whsec_/) }]);
    expect(await rows('webhooks', 'disable', id)).toMatchObject([{ state: 'disabled' }]);
    expect(await rows('webhooks', 'enable', id, '--start', 'now')).toMatchObject([{ state: 'enabled' }]);
    expect(await rows('webhooks', 'update', id, '--max-per-second', '5')).toMatchObject([{ max_per_second: 5 }]);
    expect(await run(['webhooks', 'remove', id])).toMatchObject({
      code: 1,
      output: expect.stringContaining('nothing was done'),
    });
    expect(await rows('webhooks', 'remove', id, '--yes')).toMatchObject([{ id, state: 'done' }]);
    expect(await run(['--json', 'webhooks', 'show', id])).toMatchObject({
      code: 4,
      rows: [{ error: { code: 'not_found', status: 404, exit_code: 4 } }],
    });
  }, 180_000);

  it('manages relays', async () => {
    const file = join(folder, 'relay.json');
    await writeFile(file, JSON.stringify({ url: receiver.url, mode: 'notify' }));
    expect(await rows('relays', 'put', 'crm', file)).toMatchObject([
      { name: 'crm', secret: expect.stringMatching(/^whsec_/) },
    ]);
    expect(await rows('relays', 'show', 'crm')).toMatchObject([{ mode: 'notify' }]);
    expect(await rows('relays', 'test', 'crm')).toMatchObject([{ delivered: true }]);
    expect((await run(['relays', 'list'])).output).toContain('crm');
    expect(await rows('relays', 'remove', 'crm')).toMatchObject([{ state: 'removed' }]);
    expect(await run(['relays', 'show', 'crm'])).toMatchObject({ code: 4 });
  }, 60_000);

  it("writes WeChat's addresses in the forms of firewalls", async () => {
    await eventually('the addresses', async () => (await run(['wechat-ips', 'callback'])).code === 0, 30_000);
    expect((await run(['wechat-ips', 'callback'])).output).toContain('106.55.206.146\n');
    expect((await run(['wechat-ips', '--format', 'nftables', '--family', 'ipv4'])).output).toContain('add element');
    expect((await run(['wechat-ips', 'callback', '--format', 'nginx', '--aggregate'])).output).toContain('allow ');
    expect(await rows('wechat-ips', 'callback')).toMatchObject([{ kind: 'callback', sync_token: expect.any(String) }]);
    expect(await rows('wechat-ips', 'lifetimes', 'callback', '--address', '106.55.206.146')).toMatchObject([
      { present: true },
    ]);
    expect(await rows('wechat-ips', 'snapshots', 'callback')).toHaveLength(1);
    const from = new Date(Date.now() - 1000).toISOString();
    expect(await rows('wechat-ips', 'diff', 'callback', '--from', from)).toMatchObject([{ added: [], removed: [] }]);
    expect(await rows('wechat-ips', 'candidates', 'callback')).toEqual([]);
  }, 120_000);

  it('ends with a number that says why', async () => {
    expect((await run(['merchants', 'lists'])).code).toBe(2);
    expect((await run(['coverage', '--list', 'requestdomain'])).code).toBe(2);
    expect((await run(['wechat-ips', '--format', 'word'])).code).toBe(2);
    expect(await run(['--json', 'me'], { ADMIN_API_KEY: 'wrong' })).toMatchObject({
      code: 3,
      rows: [{ error: { code: 'unauthenticated', exit_code: 3, instance: expect.any(String) } }],
    });
    expect((await run(['me'], { ADMIN_API_KEY: '' })).code).toBe(3);
    expect((await run(['authorizers', 'show', 'wxnobody00000000'])).code).toBe(4);
    expect((await run(['merchants', 'add', 'm-1', 'again'])).code).toBe(5);
    world.simulator.world.faults.add({
      kind: 'errcode',
      errcode: -1,
      match: { path: '/wxa/get_effective_domain' },
      times: 20,
    });
    expect(await run(['--json', 'snapshots', 'take', SHOP])).toMatchObject({ code: 6 });
    world.simulator.world.faults.clear();
    expect(await run(['--json', '--url', 'http://127.0.0.1:1', 'me'])).toMatchObject({
      code: 7,
      rows: [{ error: { code: 'network', exit_code: 7 } }],
    });
  }, 120_000);

  it('takes its settings from a profile, and speaks Chinese', async () => {
    await writeFile(join(folder, 'key'), `${world.adminKey}\n`, { mode: 0o600 });
    const profiles = { there: { url, platform: COMPONENT, key_file: join(folder, 'key') } };
    await writeFile(join(folder, 'profiles.json'), JSON.stringify(profiles));
    const bare = { WXFLEET_URL: 'http://127.0.0.1:1', ADMIN_API_KEY: 'wrong' };
    expect((await run(['--profile', 'there', '--json', 'merchants', 'list'], bare)).rows).toMatchObject([
      { merchant_id: 'm-1' },
    ]);
    expect((await run(['--profile', 'nowhere', 'me'], bare)).code).toBe(2);
    const help = await run(['merchants', '--help'], { LANG: 'zh_CN.UTF-8' });
    expect(help).toMatchObject({ code: 0, output: expect.stringContaining('列出全部商家') });
    expect((await run(['--lang', 'en', 'merchants', '--help'], { LANG: 'zh_CN.UTF-8' })).output).toContain(
      'all merchants',
    );
    expect((await run(['completion', 'bash'])).output).toContain('complete -F');
  }, 60_000);

  it('runs as wxfleet from the packed package', async () => {
    const npm = process.env['npm_execpath'];
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = npm?.endsWith('.js')
      ? await exec(process.execPath, [npm, ...pack], options)
      : await exec('npm', pack, options);
    const [packed] = JSON.parse(stdout) as { filename: string; version: string }[];
    await exec('tar', ['xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
    // Its dependencies, as they are installed here.
    await symlink(resolve('node_modules'), join(folder, 'package', 'node_modules'));
    const bin = join(folder, 'package', 'dist/apps/cli/src/main.js');
    expect((await exec('head', ['-1', bin])).stdout).toBe('#!/usr/bin/env node\n');
    expect((await run(['--version'], {}, bin)).output.trim()).toBe(packed?.version);
    expect((await run(['--json', 'merchants', 'list'], {}, bin)).rows).toMatchObject([{ merchant_id: 'm-1' }]);
  }, 120_000);
});
