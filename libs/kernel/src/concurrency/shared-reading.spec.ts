import { describe, expect, it } from '@jest/globals';
import { SharedReading } from './shared-reading.ts';

describe('a shared reading', () => {
  it('runs once for all who ask while it runs and within a second after', async () => {
    let nowMs = 0;
    let runs = 0;
    let finish: (value: number) => void = () => undefined;
    const reading = new SharedReading(
      1000,
      () => new Promise<number>((resolve) => ((runs += 1), (finish = resolve))),
      () => nowMs,
    );
    const asked = Array.from({ length: 400 }, () => reading.get());
    nowMs = 60_000;
    asked.push(reading.get());
    expect(runs).toBe(1);
    finish(7);
    expect(new Set(await Promise.all(asked))).toEqual(new Set([7]));
    nowMs += 999;
    expect([await reading.get(), runs]).toEqual([7, 1]);
    nowMs += 1;
    const next = reading.get();
    finish(8);
    expect([await next, runs]).toEqual([8, 2]);
  });

  it('shares a failure too, and asks again after a second', async () => {
    let nowMs = 0;
    let runs = 0;
    const reading = new SharedReading(
      1000,
      () => Promise.reject(new Error(`failure ${(runs += 1)}`)),
      () => nowMs,
    );
    await expect(reading.get()).rejects.toThrow('failure 1');
    await expect(reading.get()).rejects.toThrow('failure 1');
    nowMs = 1000;
    await expect(reading.get()).rejects.toThrow('failure 2');
  });
});
