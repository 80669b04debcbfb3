import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Stage, type Process } from '../../test/stage.ts';
import { authorizationDoubted, authorizationLost } from '../jobs.ts';

let stage: Stage;
let hub: Process;

beforeAll(async () => {
  stage = await Stage.open();
  hub = await stage.process();
});
afterAll(() => stage.close());

async function waiting(): Promise<{ name: string; appid: string }[]> {
  return stage.db.query(
    `SELECT t.identifier AS name, j.payload->>'authorizerAppid' AS appid
       FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id ORDER BY 1`,
  );
}

it('a lost and a doubted authorization each leave a job, and neither fact is kept without it', async () => {
  const [lost, doubted] = (await stage.authorize(2)) as [string, string];
  stage.world.grantForChange(stage.componentAppid, lost)!.exchanged = false;
  await stage.world.unauthorize(stage.componentAppid, doubted, { push: false }).pushed;

  await stage.db.run('ALTER FUNCTION jobs.add_jobs(json) RENAME TO add_jobs_away');
  for (const appid of [lost, doubted])
    await expect(hub.authorizerTokens.lease(stage.platform, appid)).rejects.toThrow();
  expect(await stage.row(lost)).toMatchObject({ state: 'usable' });
  expect(await stage.row(doubted)).toMatchObject({ failures: 0 });
  expect(await waiting()).toEqual([]);

  await stage.db.run('ALTER FUNCTION jobs.add_jobs_away(json) RENAME TO add_jobs');
  await stage.pass(1000, [hub]);
  await stage.giveTicket(hub);
  for (const appid of [lost, doubted])
    await expect(hub.authorizerTokens.lease(stage.platform, appid)).rejects.toThrow();
  expect(await stage.row(lost)).toMatchObject({ state: 'lost' });
  expect(await stage.row(doubted)).toMatchObject({ failures: 1 });
  expect(await waiting()).toEqual([
    { name: authorizationDoubted.name, appid: doubted },
    { name: authorizationLost.name, appid: lost },
  ]);
});
