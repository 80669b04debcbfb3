import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#libs/testing';
import { COMPONENT, ProcessWorld, Program } from '../../dev/test/processes.ts';
import { readTerminalQrCode } from './terminal-picture.ts';
import { openShop } from './open-shop.ts';

const CLI = 'dist/apps/cli/src/main.js';
const SHOP = 'wxclishop00000001';
const DOMAINS = '/wxa/get_effective_domain';

/** Every command that is not a group of others, as `--help` of its group lists it. */
const COMMANDS = [
  'platforms list',
  'platforms add',
  'platforms remove',
  'erase',
  'keys list',
  'keys create',
  'keys rotate',
  'keys revoke',
  'users list',
  'users add',
  'users change',
  'sweep',
  'reconcile',
  'authorizers list',
  'domains',
  'links add',
  'links list',
  'links revoke',
  'wechat-ips',
  'audit list',
  'audit verify',
  'export coverage',
  'export changes',
  'export audit',
  'quota',
  'quota set-budget',
  'quota remove-budget',
  'quota calls',
  'clear-quota',
  'pushes',
  'pushes backlog',
  'pushes replay',
  'retention',
  'master-keys',
  'migrate',
  'rotate-master-key',
];

describe('the command line', () => {
  let world: ProcessWorld;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wxfleet-cli-'));
    world = await ProcessWorld.start();
    const hub = await world.hub();
    url = hub.url;
    await openShop(world, hub, SHOP);
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(
    ...args: string[]
  ): Promise<{ code: number | null; output: string; rows: Record<string, unknown>[] }> {
    const program = Program.start(CLI, { WXFLEET_URL: url, ADMIN_API_KEY: world.adminKey }, args);
    const code = await program.ends();
    const rows = program.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { code, output: program.output, rows };
  }

  it.each(COMMANDS)('explains `%s`', async (name) => {
    const { code, output } = await run(...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(output).toMatch(/^Usage: wxfleet /);
    // A sentence of its own between the usage and the options.
    expect(output.split('\n\n')[1]).toMatch(/^(?!Options:|Arguments:|Commands:)\S.{10,}/s);
  });

  it('draws a link as a QR code that a phone reads as the page of the hub', async () => {
    expect((await run('merchants', 'add', 'm1', 'Shop')).code).toBe(0);
    const drawn = await run('links', 'add', '--merchant', 'm1', '--qr');
    const [link] = /http\S+/.exec(drawn.output) ?? [];
    expect([drawn.code, readTerminalQrCode(drawn.output)]).toEqual([0, link]);
    expect((await fetch(link as string)).status).toBe(200);
    const forScripts = await run('--json', 'links', 'add', '--merchant', 'm1', '--qr');
    expect([forScripts.rows.length, readTerminalQrCode(forScripts.output)]).toEqual([1, null]);
  });

  it('sweeps and reconciles to the end', async () => {
    const sweep = await run('--json', 'sweep');
    expect(sweep).toMatchObject({ code: 0, rows: [{ state: 'done', total: 1, unchanged: 1 }] });
    expect(sweep.output).toContain('done: 1 of 1');
    const reconciled = await run('--json', 'reconcile');
    expect(reconciled).toMatchObject({ code: 0, rows: [{ state: 'done', total: 1, listed: 1, unchanged: 1 }] });
  });

  it('asks before it accepts a shorter list, and does nothing where nobody can answer', async () => {
    const LIST = '/cgi-bin/component/api_get_authorizer_list';
    const asked = world.simulator.world.log.total(LIST);
    const refused = await run('reconcile', '--accept-shrunk-list');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('more than a tenth');
    expect(refused.output).toContain('nothing was done');
    expect(world.simulator.world.log.total(LIST)).toBe(asked);
    expect(await run('--json', 'reconcile', '--accept-shrunk-list', '--yes')).toMatchObject({
      code: 0,
      rows: [{ state: 'done', listed: 1 }],
    });
    const { rows } = await run('--json', 'audit', 'list', '--action', 'reconciliation.started');
    expect(rows[0]).toMatchObject({ detail: { accept_shrunk_list: true } });
  });

  it('shows the quota, sets a budget and takes it away', async () => {
    const shown = await eventually('the calls', async () => {
      const { rows } = await run('--json', 'quota');
      const calls = (rows[0]?.['calls'] ?? []) as { path: string }[];
      return calls.some(({ path }) => path === DOMAINS) ? rows[0] : undefined;
    });
    expect(shown).toMatchObject({ parked_count: 0, budgets: [] });
    expect(await run('--json', 'quota', 'set-budget', DOMAINS, '--per-day', '1000', '--reserve', '100')).toMatchObject({
      code: 0,
      rows: [{ path: DOMAINS, per_day: 1000, reserve: 100 }],
    });
    expect((await run('quota')).output).toMatch(/budgets\n.*\n\/wxa\/get_effective_domain +1000 +100/);
    expect(await run('--json', 'quota', 'remove-budget', DOMAINS)).toMatchObject({ code: 0, rows: [] });
    expect((await run('quota', 'set-budget', DOMAINS, '--per-day', 'many')).code).not.toBe(0);
    const calls = await run('--json', 'quota', 'calls', SHOP);
    expect(calls.code).toBe(0);
  });

  it('asks before it clears a quota, and does nothing where nobody can answer', async () => {
    const asked = () => world.simulator.world.log.total('/cgi-bin/component/clear_quota/v2');
    const refused = await run('clear-quota');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('10 resets per account and month');
    expect(refused.output).toContain('Made from here this month: 0.');
    expect(refused.output).toContain('nothing was done');
    expect(asked()).toBe(0);

    expect(await run('--json', 'clear-quota', '--yes')).toMatchObject({
      code: 0,
      rows: [{ appid: COMPONENT, lifted: 0 }],
    });
    expect(asked()).toBe(1);
    const again = await run('--json', 'clear-quota', '--yes', '--authorizer', SHOP);
    expect(again).toMatchObject({ code: 0, rows: [{ appid: SHOP }] });
    expect((await run('clear-quota')).output).toContain('Made from here this month: 1.');
  });

  it('lists pushes and replays those that can be', async () => {
    const { rows } = await run('--json', 'pushes', '--authorizer', SHOP);
    expect(rows).toMatchObject([{ info_type: 'authorized', state: 'handled', failure: null }]);
    expect((await run('--json', 'pushes', 'backlog')).rows).toEqual([{ pending: 0, oldest_seconds: 0, failed: 0 }]);
    const replay = await run('pushes', 'replay', String(rows[0]?.['id']));
    expect(replay.code).toBe(5);
    expect(replay.output).toContain('conflict');
    expect((await run('pushes', '--limit', '5')).output).toContain('component_verify_ticket');
  });

  it('thins history only when told', async () => {
    const refused = await run('retention', '--keep-all', 'P400D');
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('nothing was done') });
    const done = await run('--json', 'retention', '--keep-all', 'P400D', '--yes');
    expect(done).toMatchObject({
      code: 0,
      rows: [{ state: 'done', total: 1, examined: 1, removed: 0, thin_to: 'P30D' }],
    });
    expect((await run('retention', '--keep-all', 'P1D', '--yes')).output).toContain('P30D');
  });

  it('shows the master keys and encrypts again', async () => {
    expect((await run('--json', 'master-keys')).rows).toMatchObject([{ key_id: 'p1', encrypts: true, known: true }]);
    expect(await run('--json', 'rotate-master-key')).toMatchObject({
      code: 0,
      rows: [{ state: 'done', key_id: 'p1', total: 0, remaining: 0 }],
    });
  });

  it('makes, replaces and ends keys', async () => {
    const [made] = (await run('--json', 'keys', 'create', '--name', 'spec', '--scopes', 'domains:read')).rows;
    const rotated = await run('--json', 'keys', 'rotate', String(made?.['id']), '--overlap-seconds', '60');
    expect(rotated).toMatchObject({ code: 0, rows: [{ name: 'spec', key: expect.stringMatching(/^wxf_/) }] });
    const id = String(rotated.rows[0]?.['id']);
    expect(id).not.toBe(made?.['id']);
    expect(await run('--json', 'keys', 'revoke', id)).toMatchObject({ code: 0, rows: [{ id, state: 'revoked' }] });
    expect((await run('keys', 'list')).output).toContain(id);
  });

  it('makes and changes users, with passwords from files only', async () => {
    const file = join(folder, 'password');
    await writeFile(file, 'a long password of the spec\n');
    const add = (...args: string[]) => run('--json', 'users', 'add', 'kim', '--role', 'viewer', ...args);
    expect(await add()).toMatchObject({ code: 1, output: expect.stringContaining('--password-file') });
    expect(await add('--password-file', file)).toMatchObject({
      code: 0,
      rows: [{ username: 'kim', role: 'viewer', component_appid: COMPONENT, disabled_at: null }],
    });
    const logIn = async () =>
      (
        await fetch(`${url}/v1/sessions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: 'kim', password: 'a long password of the spec' }),
        })
      ).status;
    expect(await logIn()).toBe(201);
    expect(await run('--json', 'users', 'change', 'kim', '--disable')).toMatchObject({
      code: 0,
      rows: [{ username: 'kim', disabled_at: expect.any(String) }],
    });
    expect(await logIn()).toBe(401);
    expect((await run('users', 'list')).output).toMatch(/kim +viewer/);
    expect((await run('users', 'add', 'lee', '--role', 'king', '--password-file', file)).code).not.toBe(0);
  });

  it('exports tables as CSV, to standard output or into a file', async () => {
    const coverage = await run('export', 'coverage', '--domain', 'https://a.example', '--list', 'requestdomain');
    expect(coverage.code).toBe(0);
    expect(coverage.output.split(/\r?\n/).slice(0, 2)).toEqual([
      'authorizer_appid,merchant_id,verdict,reason,observed_at',
      expect.stringMatching(new RegExp(`^${SHOP},,covered,,2`)),
    ]);
    const file = join(folder, 'audit.csv');
    expect(await run('export', 'audit', '--action', 'quota.reset', '--out', file)).toMatchObject({
      code: 0,
      output: '',
    });
    expect(await readFile(file, 'utf8')).toContain('quota.reset');
    expect((await run('export', 'changes')).output).toMatch(/^authorizer_appid,/);
    const wrong = await run('export', 'changes', '--from', 'yesterday');
    expect(wrong).toMatchObject({ code: 2, output: expect.stringContaining('invalid_request') });
  });

  it('checks the audit trail', async () => {
    const checked = await run('--json', 'audit', 'verify');
    expect(checked).toMatchObject({ code: 0, rows: [{ problems: 0 }] });
  });

  it('erases a withdrawn account, and removes a platform, only when told', async () => {
    const known = async () => {
      const [row] = await world.database.db.query<{ name: string | null }>(
        'SELECT nick_name AS name FROM authorizers.authorizer WHERE authorizer_appid = $1',
        [SHOP],
      );
      return row?.name;
    };
    const early = await run('erase', SHOP, '--yes');
    expect(early.code).not.toBe(0);
    expect(early.output).toContain('conflict');
    await world.simulator.world.unauthorize(COMPONENT, SHOP).pushed;
    await eventually('withdrawn', async () => (await run('authorizers', 'list')).output.includes('unauthorized'));
    expect((await run('erase', SHOP)).output).toContain('nothing was done');
    expect(await known()).not.toBeNull();
    expect((await run('erase', SHOP, '--yes')).code).toBe(0);
    expect(await known()).toBeNull();
    expect((await run('erase', SHOP, '--drop-history', '--yes')).code).toBe(0);
    expect(await known()).toBeUndefined();

    const counted = await run('platforms', 'remove', COMPONENT, '--dry-run');
    expect(counted).toMatchObject({ code: 0, output: expect.stringContaining('custody.component_token') });
    expect((await run('platforms', 'remove', COMPONENT)).output).toContain('nothing was done');
    expect((await run('platforms', 'list')).output).toContain(COMPONENT);
    expect((await run('platforms', 'remove', COMPONENT, '--yes')).code).toBe(0);
    expect((await run('platforms', 'list')).output).not.toContain(COMPONENT);
    expect(await world.database.db.query('SELECT FROM custody.component_account')).toEqual([]);
  });
});
