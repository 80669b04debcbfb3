import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SettingsError } from '#libs/kernel';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { bringUpSchema } from '../src/schema.ts';

describe('a database that a hub must not work with', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await cloneDatabase();
  });
  afterEach(() => test.drop());

  const start = () => bringUpSchema({ url: test.url, owner: undefined, log: testLog().log });

  /** @returns the one line that the operator sees */
  async function refusal(): Promise<string> {
    const error = await start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SettingsError);
    const { message } = error as SettingsError;
    expect(message).not.toContain('\n');
    return message;
  }

  it('is taken when nothing is wrong with it', async () => {
    await start();
  });

  it('has applied what this version does not know: a newer version was here', async () => {
    await test.db.run(`INSERT INTO public.wxfleet_migration (timestamp, name) VALUES (1, 'Later1999999999999')`);
    expect(await refusal()).toBe(
      'DATABASE_URL is a database of another version of wxfleet, which has applied Later1999999999999: start that version or a newer one',
    );
    // Nothing was changed on the way.
    expect(await test.db.query(`SELECT 1 FROM public.wxfleet_migration WHERE name LIKE 'Later%'`)).toHaveLength(1);
  });

  it.each([
    ['a policy of tenants', 'DROP POLICY tenant ON custody.authorizer_token'],
    ['a policy of the worker', 'DROP POLICY worker ON custody.authorizer_token'],
    ['row-level security', 'ALTER TABLE custody.authorizer_token DISABLE ROW LEVEL SECURITY'],
    ['the grants of the worker', 'REVOKE ALL ON custody.authorizer_token FROM wxfleet_worker'],
  ])('lacks %s on a table', async (_, text) => {
    await test.db.run(text);
    expect(await refusal()).toMatch(
      /^DATABASE_URL has 1 tables? without row-level security or grants \(custody\.authorizer_token\): create the roles, then restore/,
    );
  });
});
