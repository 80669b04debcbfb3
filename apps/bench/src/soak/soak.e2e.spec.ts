import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stage } from '../stage.ts';
import { runSoak } from './soak.ts';
import { judge } from './verdict.ts';

/** The short form of `npm run soak`: the same faults and the same judgement, for as long as continuous integration may take. */
describe('the soak', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('loses nothing, overwrites nothing and explains everything, in fifty rounds with four processes', async () => {
    const { rounds, faults, evidence } = await runSoak(stage, {
      seconds: 120,
      rounds: 50,
      seed: 3,
      hubs: 4,
      merchants: 40,
      callers: 8,
      awayEvery: 25,
      awaySeconds: 3,
    });
    const { violations } = judge(evidence);
    expect(violations).toEqual([]);
    // It was no idle run.
    expect(rounds).toBe(50);
    expect(Object.keys(faults)).toEqual(
      expect.arrayContaining(['kill -9', 'database restart', 'database stopped', 'database frozen', 'reply lost']),
    );
    expect(evidence.calls.length).toBeGreaterThan(100);
    expect(evidence.handouts.length).toBeGreaterThan(100);
  });
});
