import { describe, expect, it } from '@jest/globals';
import { FairTurns } from './fair-turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('turns at the event loop', () => {
  it('are not waited for by a tenant who is alone', () => {
    const turns = new FairTurns();
    let begun = 0;
    for (let n = 0; n < 100; n += 1) turns.enter('a', () => (begun += 1));
    expect(begun).toBe(100);
  });

  it('let a newcomer in at once while a flood waits in its order, and forget nobody', async () => {
    const turns = new FairTurns();
    turns.enter('calm', () => undefined);
    const begun: (number | string)[] = [];
    for (let n = 0; n < 10; n += 1) turns.enter('flood', () => begun.push(n));
    turns.enter('calm', () => begun.push('calm'));
    expect(begun).toEqual([0, 1, 2, 3, 'calm']);
    await nextTurn();
    expect(begun).toEqual([0, 1, 2, 3, 'calm', 4, 5, 6, 7]);
    turns.enter('flood', () => begun.push(10));
    await nextTurn();
    expect(begun).toEqual([0, 1, 2, 3, 'calm', 4, 5, 6, 7, 8, 9, 10]);
    await nextTurn();
    await nextTurn();
    turns.enter('flood', () => begun.push('again'));
    expect(begun.at(-1)).toBe('again');
  });

  it('are fewer for a tenant who was refused much', async () => {
    let nowMs = 0;
    const turns = new FairTurns(() => nowMs);
    turns.enter('calm', () => undefined);
    turns.enter('clumsy', () => undefined);
    turns.charge('clumsy', 400);
    let begun = false;
    turns.enter('clumsy', () => (begun = true));
    await nextTurn();
    expect(begun).toBe(false);
    nowMs = 100;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(begun).toBe(true);
  });

  it('no longer divide the loop when the neighbours have gone', async () => {
    let nowMs = 0;
    const turns = new FairTurns(() => nowMs);
    turns.enter('a', () => undefined);
    turns.enter('b', () => undefined);
    await nextTurn();
    await nextTurn();
    nowMs = 60_000;
    let begun = 0;
    for (let n = 0; n < 10; n += 1) turns.enter('b', () => (begun += 1));
    expect(begun).toBe(10);
  });
});
