import { describe, expect, it } from '@jest/globals';
import { ResponseCoalescer } from './response-coalescer.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the response coalescer', () => {
  it('sends nothing before the end of the turn, and then everything in order', async () => {
    const end = new ResponseCoalescer();
    const sent: number[] = [];
    for (let n = 0; n < 10; n += 1) end.add(() => sent.push(n));
    await Promise.resolve();
    expect(sent).toEqual([]);
    await nextTurn();
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('flushes early above 64 responses', async () => {
    const end = new ResponseCoalescer();
    const sent: number[] = [];
    for (let n = 0; n < 100; n += 1) end.add(() => sent.push(n));
    expect(sent).toHaveLength(64);
    await nextTurn();
    expect(sent).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('serves what is added while it sends', async () => {
    const end = new ResponseCoalescer();
    const sent: string[] = [];
    end.add(() => {
      sent.push('first');
      end.add(() => sent.push('added'));
    });
    await nextTurn();
    await nextTurn();
    expect(sent).toEqual(['first', 'added']);
  });

  it('loses nothing behind one that throws', async () => {
    const end = new ResponseCoalescer();
    const sent: number[] = [];
    for (let n = 0; n < 63; n += 1) end.add(() => sent.push(n));
    // The sixty-fourth sends all at once, so that what it throws comes here.
    const broken = () => {
      throw new Error('broken');
    };
    expect(() => {
      end.add(broken);
    }).toThrow('broken');
    for (let n = 64; n < 70; n += 1) end.add(() => sent.push(n));
    await nextTurn();
    expect(sent).toEqual(Array.from({ length: 70 }, (_, n) => n).filter((n) => n !== 63));
    const behind = new ResponseCoalescer();
    behind.add(() => sent.push(-1));
    behind.add(broken);
    for (let n = 0; n < 61; n += 1) behind.add(() => sent.push(-2));
    expect(() => {
      behind.add(() => sent.push(-3));
    }).toThrow('broken');
    await nextTurn();
    expect(sent.filter((n) => n === -2)).toHaveLength(61);
    expect(sent.at(-1)).toBe(-3);
  });
});
