import { describe, expect, it } from '@jest/globals';
import { EventLoopScheduler } from './event-loop-scheduler.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the event-loop scheduler', () => {
  it('does not delay a tenant without others', () => {
    const scheduler = new EventLoopScheduler();
    let begun = 0;
    for (let n = 0; n < 100; n += 1) scheduler.schedule('a', () => (begun += 1));
    expect(begun).toBe(100);
  });

  it('starts a new tenant at once while a flood waits in order, and loses nothing', async () => {
    const scheduler = new EventLoopScheduler();
    scheduler.schedule('calm', () => undefined);
    const begun: (number | string)[] = [];
    for (let n = 0; n < 10; n += 1) scheduler.schedule('flood', () => begun.push(n));
    scheduler.schedule('calm', () => begun.push('calm'));
    expect(begun).toEqual([0, 1, 2, 3, 'calm']);
    await nextTurn();
    expect(begun).toEqual([0, 1, 2, 3, 'calm', 4, 5, 6, 7]);
    scheduler.schedule('flood', () => begun.push(10));
    await nextTurn();
    expect(begun).toEqual([0, 1, 2, 3, 'calm', 4, 5, 6, 7, 8, 9, 10]);
    await nextTurn();
    await nextTurn();
    scheduler.schedule('flood', () => begun.push('again'));
    expect(begun.at(-1)).toBe('again');
  });

  it('starts less for a tenant with many refused requests', async () => {
    let nowMs = 0;
    const scheduler = new EventLoopScheduler(() => nowMs);
    scheduler.schedule('calm', () => undefined);
    scheduler.schedule('clumsy', () => undefined);
    scheduler.charge('clumsy', 400);
    let begun = false;
    scheduler.schedule('clumsy', () => (begun = true));
    await nextTurn();
    expect(begun).toBe(false);
    nowMs = 100;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(begun).toBe(true);
  });

  it('no longer divides the loop when the other tenant has gone', async () => {
    let nowMs = 0;
    const scheduler = new EventLoopScheduler(() => nowMs);
    scheduler.schedule('a', () => undefined);
    scheduler.schedule('b', () => undefined);
    await nextTurn();
    await nextTurn();
    nowMs = 60_000;
    let begun = 0;
    for (let n = 0; n < 10; n += 1) scheduler.schedule('b', () => (begun += 1));
    expect(begun).toBe(10);
  });
});
