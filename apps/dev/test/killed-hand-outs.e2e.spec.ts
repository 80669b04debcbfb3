import { afterEach, describe, expect, it } from '@jest/globals';
import { Gate, eventually } from '#libs/testing';
import { COMPONENT, ProcessWorld } from './processes.ts';

const SHOP = 'wxk000000000000001';
/** As docs/security.md says: counts are written every second; and a second for the write itself on a busy machine. */
const WINDOW_MS = 2000;
const CLIENTS = 4;

describe('hand-outs of a hub that is killed', () => {
  let world: ProcessWorld | undefined;
  afterEach(() => world?.stop());

  it('are in the trail, but for those of the last moments, however long the chain is held up', async () => {
    world = await ProcessWorld.start();
    const { db } = world.database;
    const { program, url, rest } = await world.hub();
    await world.platform(url, rest);
    world.simulator.world.addMiniProgram({ appid: SHOP });
    await world.simulator.world.authorize(COMPONENT, SHOP, { permissionSets: [17] }).pushed;
    const handOut = () => rest.post(`/v1/platforms/${COMPONENT}/authorizers/${SHOP}/access-token`);
    await eventually('the first hand-out', () => handOut().catch(() => undefined), 60_000);

    // Nothing can be linked from here on. A process that waited with the counts for the chain would write no more of them.
    const held = new Gate();
    const holds = db.transaction(async (sql) => {
      await sql.run('LOCK TABLE access.audit_head IN ACCESS EXCLUSIVE MODE');
      await held.pass();
    });
    await held.waiting;
    const answeredAt: number[] = [performance.now()];
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!program.exit) {
        await handOut().then(
          () => answeredAt.push(performance.now()),
          () => undefined,
        );
      }
    });
    // Longer than the window, or nothing would have to be in the trail.
    await eventually('two windows', () => performance.now() - (answeredAt[0] as number) > 2 * WINDOW_MS, 30_000);
    const killedAt = performance.now();
    await program.ends('SIGKILL');
    await Promise.all(clients);
    held.release();
    await holds;

    const mustBeThere = answeredAt.filter((at) => at < killedAt - WINDOW_MS).length;
    expect(mustBeThere).toBeGreaterThan(100);
    const [{ inTheTrail } = { inTheTrail: 0 }] = await db.query<{ inTheTrail: number }>(
      `SELECT coalesce(sum(count), 0)::int AS "inTheTrail" FROM access.audit_event
        WHERE action = 'access_token.issued' AND outcome = 'ok'`,
    );
    expect(inTheTrail).toBeGreaterThanOrEqual(mustBeThere);
    // Never more than was handed out, answered or not.
    expect(inTheTrail).toBeLessThanOrEqual(answeredAt.length + CLIENTS + 1);
  });
});
