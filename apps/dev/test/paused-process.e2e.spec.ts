import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { COMPONENT, ProcessWorld } from './processes.ts';

const base = `/v1/platforms/${COMPONENT}`;
const LOOK = '/wxa/get_effective_domain';
const COUNT = 20;
const OLD = 'https://old.example.cn';
const NEW = 'https://new.example.cn';

interface Coverage {
  covered: number;
  missing: number;
  unknown: number;
}

/** A virtual machine that is moved, a long garbage collection, SIGSTOP: answers wait in the sockets of the process. */
describe('a process that is paused with answers in its sockets', () => {
  let world: ProcessWorld | undefined;
  afterEach(async () => {
    for (const { child, exit } of world?.hubs ?? []) if (!exit) child.kill('SIGCONT');
    await world?.stop();
    world = undefined;
  });

  it('takes nothing back that was observed meanwhile, and a second signal cuts no stop short', async () => {
    world = await ProcessWorld.start();
    const { simulator } = world;
    const main = await world.hub({ WECHAT_TIMEOUT_MS: '60000' });
    await world.platform(main.url, main.rest);
    const appids = Array.from({ length: COUNT }, (_, index) => `wxq${String(index).padStart(15, '0')}`);
    const domains = (...requestdomain: string[]) => ({ effective_domain: { requestdomain } });
    for (const appid of appids) {
      simulator.world.addMiniProgram({ appid, domains: domains(OLD) });
      simulator.world.authorize(COMPONENT, appid, { permissionSets: [18] });
    }
    const coverageOf = (domain: string) =>
      main.rest.get<Coverage & Record<string, unknown>>(
        `${base}/domain-coverage?list=requestdomain&domain=${encodeURIComponent(domain)}`,
      );
    await eventually('the first looks', async () => (await coverageOf(OLD)).covered === COUNT, 60_000);

    const paused = await world.hub({ ROLES: 'api', WECHAT_TIMEOUT_MS: '60000' });
    // A token for each, so that nothing but the looks themselves is under way.
    for (const appid of appids) await paused.rest.post(`${base}/authorizers/${appid}/access-token`);
    let waiting = 0;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const off = simulator.world.onCall(async ({ path }) => {
      if (path !== LOOK) return;
      waiting += 1;
      await opened;
    });
    const late = appids.map((appid) =>
      paused.rest.post<Record<string, unknown>>(`${base}/authorizers/${appid}/snapshots`),
    );
    await eventually('all looks are at WeChat', () => waiting === COUNT, 30_000);
    const answered = simulator.world.log.total(LOOK);
    paused.program.child.kill('SIGSTOP');
    off();
    open();
    // They are answered with what is so now, into the sockets of a process that does not read.
    await eventually('all are answered', () => simulator.world.log.total(LOOK) === answered + COUNT, 30_000);
    for (const appid of appids) simulator.world.setDomains(appid, domains(NEW));
    for (const appid of appids) await main.rest.post(`${base}/authorizers/${appid}/snapshots`);
    expect(await coverageOf(NEW)).toMatchObject({ covered: COUNT, missing: 0, unknown: 0 });
    const changes = () => main.rest.all<Record<string, unknown>>(`${base}/domain-changes?group=effective_domain`);
    const before = await changes();

    paused.program.child.kill('SIGCONT');
    await Promise.all(late);
    expect(await coverageOf(NEW)).toMatchObject({ covered: COUNT, missing: 0, unknown: 0 });
    expect(await coverageOf(OLD)).toMatchObject({ covered: 0, missing: COUNT });
    expect(await changes()).toEqual(before);
    expect(before.filter(({ removed }) => (removed as string[]).includes(NEW))).toEqual([]);
    for (const appid of appids) {
      const now = await main.rest.get<Record<string, unknown>>(`${base}/authorizers/${appid}/domains`);
      expect(now).toMatchObject({ certainty: 'latest', domains: domains(NEW) });
    }

    main.program.child.kill('SIGTERM');
    main.program.child.kill('SIGTERM');
    expect(await main.program.ends('SIGTERM')).toBe(0);
    expect(main.program.output).toContain('"event":"hub.stopping"');
  }, 180_000);
});
