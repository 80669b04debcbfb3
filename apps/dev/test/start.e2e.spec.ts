import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { Program } from './processes.ts';

const run = promisify(execFile);

/** Whether a process does anything; one that has ended and waits to be collected by its parent does not. */
async function runs(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tX');
  return !/^State:\t[ZX]/m.test(status);
}

/** `npm start` as a person meets it, without the install and build of its first run. */
describe('npm start', () => {
  let dataDir: string;
  let program: Program | undefined;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wxfleet-start-'));
    // Run by root, the server has an account of its own that must be able to enter.
    await chmod(dataDir, 0o755);
  });
  afterAll(async () => {
    if (program && !program.exit) await program.ends('SIGINT').catch(() => program?.ends('SIGKILL'));
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = () => Program.start('dist/apps/dev/src/main.js', { DATA_DIR: dataDir, PORT: '0' });

  it('ends with URLs, a key and a curl line that works, with history to look at', async () => {
    program = start();
    const [, curl] = await program.says(/\n\s+(curl -H .*)\n/, 170_000);
    const { stdout } = await run('sh', ['-c', `${curl} --silent --show-error --fail`]);
    const page = JSON.parse(stdout) as { items: { authorizer_appid: string }[] };
    expect(page.items.length).toBe(3);

    const key = (/Bearer ([^']+)'/.exec(curl as string) ?? [])[1] as string;
    const url = (/'(http[^']+)\/authorizers/.exec(curl as string) ?? [])[1] as string;
    const get = async (path: string) =>
      (await (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).json()) as {
        items: { state: string; can_read_domains: boolean; merchant_id: string | null; authorizer_appid: string }[];
      };
    const authorizers = (await get('/authorizers?limit=500')).items;
    expect(authorizers.length).toBeGreaterThanOrEqual(200);
    expect(new Set(authorizers.map((row) => row.merchant_id)).size).toBeGreaterThan(5);
    expect(authorizers.some((row) => !row.can_read_domains)).toBe(true);
    expect(authorizers.some((row) => row.state === 'unauthorized')).toBe(true);
    const history = (
      await get(`/authorizers/${authorizers.find((row) => row.can_read_domains)?.authorizer_appid}/snapshots`)
    ).items;
    expect(history.length).toBeGreaterThan(1);
  });

  it('prints the console first of all, with a user who may sign in', async () => {
    const [, url, username, password] =
      /Console\s+(http\S+)\s+User\s+(\S+)\s+Password\s+(\S+)/.exec(program?.output ?? '') ?? [];
    const response = await fetch(`${url}v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ role: 'operator', name: 'user:admin' });
  });

  it('leaves nothing running after Ctrl-C', async () => {
    const pids = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    expect(await program?.ends('SIGINT', 60_000)).toBe(0);
    await eventually('the end of PostgreSQL', async () => !(await runs(Number(pids[0]))));
    expect(await readdir(dataDir)).not.toContain('owner.json');
  });

  it('finds its data again', async () => {
    program = start();
    await program.says(/\n\s+(curl -H .*)\n/, 60_000);
    expect(program.output).not.toContain('first start');
  });
});
