import { describe, expect, it } from '@jest/globals';
import { testLog } from '#libs/testing';
import { SummedLog } from './summed-log.ts';

describe('a summed log', () => {
  it('writes the first event at once and the rest of a second in one line, with counts by value', async () => {
    const { log, lines } = testLog();
    const summed = new SummedLog(log, 'push.refused');
    for (let n = 0; n < 1000; n += 1) {
      summed.add({ address: n % 4 === 0 ? '192.0.2.2' : '192.0.2.1', reason: 'wrong_signature', other: undefined });
    }
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'push.refused', level: 'warn', count: 1, address: { '192.0.2.2': 1 } },
    ]);
    summed.stop();
    expect(JSON.parse(lines[1] as string)).toMatchObject({
      count: 999,
      address: { '192.0.2.1': 750, '192.0.2.2': 249 },
      reason: { wrong_signature: 999 },
    });
    expect(lines).toHaveLength(2);
  });

  it('names the most frequent values only, however many there are', () => {
    const { log, lines } = testLog();
    const summed = new SummedLog(log, 'x');
    for (let n = 0; n < 5000; n += 1) summed.add({ address: `10.0.${n >> 8}.${n & 255}` });
    for (let n = 0; n < 3; n += 1) summed.add({ address: '10.0.0.9' });
    summed.stop();
    const { address, count } = JSON.parse(lines[1] as string) as { address: Record<string, number>; count: number };
    expect([Object.keys(address).length, Object.entries(address)[0], count]).toEqual([20, ['10.0.0.9', 4], 5002]);
  });
});
