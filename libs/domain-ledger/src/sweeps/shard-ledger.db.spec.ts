import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase, testLog } from '#libs/testing';
import { addMiniProgramRows, answer, observation } from '../../test/fleet.ts';
import { DomainLedger } from '../index.ts';
import { ShardLedger, type SubjectResult } from './shard-ledger.ts';
import { readPage, type PageSubject } from './sweep-pages.ts';
import { SweepRounds } from './sweep-rounds.ts';
import { claimShards, endPass, release } from './sweep-shards.ts';

jest.setTimeout(60_000);
const PLATFORM = 4;
const DAY = 86_400_000;

describe('an interrupted shard', () => {
  let test: TestDatabase;
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY });
  const rounds = new SweepRounds(DAY);
  beforeEach(async () => {
    test = await cloneDatabase();
  });
  afterEach(() => test.drop());

  const claim = async () => {
    const [found] = await claimShards(test.db, [{ platformId: PLATFORM, lanes: 1 }]);
    if (!found) throw new Error('nothing was due');
    return found;
  };
  const seen = (subject: PageSubject): SubjectResult => ({
    kind: 'observed',
    observation: observation(subject.authorizerId, new Date(), answer({ effective_domain: {} })),
  });

  it('counts each mini program once, also those that were done beyond the one that was not', async () => {
    await addMiniProgramRows(
      test.db,
      PLATFORM,
      Array.from({ length: 6 }, (_, index) => ({ appid: `wx${index}`, slot: index })),
    );
    const { id } = await test.db.transaction((sql) => rounds.request(sql, PLATFORM, 'spec'));
    const first = await claim();
    const page = await readPage(test.db, first, null, [], 10);
    expect(page.subjects).toHaveLength(6);
    // The third was not answered when the platform had to be left alone; those after it had been.
    const results = page.subjects.map((subject, index) => (index === 2 ? undefined : seen(subject)));
    await new ShardLedger(test.db, ledger, testLog().log, first).commit(page.subjects, results, []);
    await release(test.db, first, 0);

    const second = await claim();
    const resumed = new ShardLedger(test.db, ledger, testLog().log, second);
    const rest = await readPage(test.db, second, second.cursor, [], 10);
    expect(rest.subjects.map(({ authorizerAppid }) => authorizerAppid)).toEqual(['wx2', 'wx3', 'wx4', 'wx5']);
    expect(rest.subjects.map((subject) => resumed.isAhead(subject))).toEqual([false, true, true, true]);
    await resumed.commit(
      rest.subjects,
      rest.subjects.map((subject) => (resumed.isAhead(subject) ? { kind: 'ahead' } : seen(subject))),
      [],
    );
    expect(await endPass(test.db, second)).toBe('done');
    await rounds.close(test.db, PLATFORM);
    expect(await rounds.view(test.db, PLATFORM, id)).toMatchObject({
      state: 'done',
      total: 6,
      changed: 6,
      unchanged: 0,
    });
  });
});
