import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { KeyRing, SealedTables, Sealer } from '#libs/kernel';
import { testLog } from '#libs/testing';
import { MasterKeyRotation, custodySealedTables, type RotationProgress } from '../index.ts';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

describe('rotating the master key', () => {
  let stage: Stage;
  let bothKeys: string;
  let newKeyOnly: string;

  beforeEach(async () => {
    stage = await Stage.open();
    newKeyOnly = KeyRing.generate('k2');
    bothKeys = `${newKeyOnly},${stage.masterKeys}`;
  });

  afterEach(() => stage.close());

  const rotation = (hub: Process, keys = bothKeys) =>
    new MasterKeyRotation(
      hub.db,
      new Sealer(KeyRing.parse(keys)),
      KeyRing.parse(keys),
      new SealedTables().add(custodySealedTables),
      testLog().log,
    );

  it('covers every sealed column that the catalogs know', async () => {
    const columns = await stage.db.query<{ name: string }>(
      `SELECT format('%s.%s.%s', table_schema, table_name, column_name) AS name FROM information_schema.columns
        WHERE table_schema = 'custody' AND data_type = 'bytea' AND table_name <> 'master_key' ORDER BY 1`,
    );
    const described = custodySealedTables.flatMap(({ table, sealed }) =>
      sealed.map(({ column }) => `${table}.${column}`),
    );
    expect(described.sort()).toEqual(columns.map(({ name }) => name).sort());
  });

  it('seals everything again while tokens are refreshed and handed out', async () => {
    const appids = await stage.authorize(400);
    stage.world.quirks.rotateRefreshTokens = true;
    const hub = await stage.process({ masterKeys: bothKeys });
    await hub.authorizerTokens.refreshDue({ limit: 200, concurrency: 32 });

    let serving = true;
    let served = 0;
    const failures: unknown[] = [];
    const serve = async () => {
      for (let index = 0; serving; index += 7) {
        try {
          await hub.authorizerTokens.lease(stage.platform, appids[index % 200]!);
          served += 1;
        } catch (error) {
          failures.push(error);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const refresh = async () => {
      while (serving) await hub.authorizerTokens.refreshDue({ limit: 40, concurrency: 8 });
    };
    const background = [serve(), refresh()];
    const progress: RotationProgress[] = [];
    const result = await rotation(hub).run({ batchSize: 50, onProgress: (step) => progress.push(step) });
    serving = false;
    await Promise.all(background);

    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(0);
    expect(progress.length).toBeGreaterThan(8);
    expect(progress.at(-1)!.total).toBeGreaterThanOrEqual(400);
    expect(result.remaining).toBe(0);
    expect((await rotation(hub).keyUse()).every((use) => use.keyId === 'k2')).toBe(true);

    // The old key may go: everything opens, and every merchant is still refreshable.
    const alone = await stage.process({ masterKeys: newKeyOnly });
    await stage.db.run('UPDATE custody.authorizer_token SET refresh_after = wxfleet.now()');
    expect(await alone.authorizerTokens.refreshDue({ limit: 1000, concurrency: 32 })).toMatchObject({
      refreshed: 400,
      failed: 0,
      lost: 0,
    });
  });

  it('can be stopped and goes on where it was', async () => {
    await stage.authorize(120);
    const hub = await stage.process({ masterKeys: bothKeys });
    const stop = new AbortController();
    const first = await rotation(hub).run({
      batchSize: 25,
      signal: stop.signal,
      onProgress: ({ table }) => table === 'custody.authorizer_token' && stop.abort(),
    });
    expect(first.remaining).toBe(95);
    const second = await rotation(hub).run({ batchSize: 25 });
    expect(second).toEqual({ resealed: 95, remaining: 0 });
    expect(await rotation(hub).run()).toEqual({ resealed: 0, remaining: 0 });
  });

  it('fails closed, naming the key, when a key is missing or is another one', async () => {
    const [appid] = (await stage.authorize(1)) as [string];
    const before = await stage.row(appid);
    await expect(stage.process({ masterKeys: newKeyOnly })).rejects.toThrow('"k1" is not in MASTER_KEYS');
    await expect(stage.process({ masterKeys: KeyRing.generate('k1') })).rejects.toThrow('does not open under key "k1"');

    // A process that runs already, whose key does not fit one row: refused, and nothing is overwritten or given up.
    const blind = await stage.process({ masterKeys: newKeyOnly, listen: false });
    await expect(blind.authorizerTokens.lease(stage.platform, appid)).rejects.toThrow('"k1" is not in MASTER_KEYS');
    expect(await blind.authorizerTokens.refreshDue({ limit: 10, concurrency: 1 })).toMatchObject({
      refreshed: 0,
      lost: 0,
    });
    await expect(rotation(blind, newKeyOnly).run()).rejects.toThrow('"k1" is not in MASTER_KEYS');
    expect((await stage.row(appid)).sealed_refresh_token).toEqual(before.sealed_refresh_token);
    expect((await stage.row(appid)).state).toBe('usable');
    expect(stage.world.log.total(PATH.componentToken)).toBe(0);
  });

  it('does not open a value that was moved to another row', async () => {
    const [one, two] = (await stage.authorize(2)) as [string, string];
    await stage.db.run(
      `UPDATE custody.authorizer_token SET sealed_refresh_token =
         (SELECT sealed_refresh_token FROM custody.authorizer_token WHERE authorizer_appid = $1) WHERE authorizer_appid = $2`,
      [one, two],
    );
    const hub = await stage.process();
    await expect(hub.authorizerTokens.lease(stage.platform, two)).rejects.toThrow('does not open');
    expect((await hub.authorizerTokens.lease(stage.platform, one)).expiresInSeconds).toBeGreaterThan(7000);
  });
});
