import { describe, expect, it } from '@jest/globals';
import { SLOTS, slotOf } from './slot.ts';

describe('slotOf', () => {
  it('never changes: rows of a sweep are found by it', () => {
    expect(slotOf('wx570bc396a51b8ff8')).toBe(slotOf('wx570bc396a51b8ff8'));
    expect([slotOf(''), slotOf('wx570bc396a51b8ff8')]).toEqual([0xe3b0, 0xd236]);
  });

  it('spreads a fleet whose appids are alike evenly', () => {
    const quarters = [0, 0, 0, 0];
    for (let index = 0; index < 4000; index += 1) {
      const slot = slotOf(`wxf1ee70${index.toString(16).padStart(10, '0')}`);
      expect(slot).toBeLessThan(SLOTS);
      quarters[Math.floor((slot * 4) / SLOTS)]! += 1;
    }
    for (const quarter of quarters) expect(Math.abs(quarter - 1000)).toBeLessThan(150);
  });
});
