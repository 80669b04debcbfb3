import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateKey, isPlausibleKey, prefixOf } from './key-format.ts';

describe('the form of a key', () => {
  it('is recognised', () => {
    for (let index = 0; index < 200; index += 1) {
      const key = generateKey(index % 2 ? 'op' : 'pk');
      expect(key).toMatch(/^wxf_(op|pk)_[0-9A-Za-z]{49}$/);
      expect(isPlausibleKey(key)).toBe(true);
      expect(prefixOf(key)).toBe(key.slice(0, 13));
    }
  });

  it('never repeats', () => {
    expect(new Set(Array.from({ length: 1000 }, () => generateKey('pk'))).size).toBe(1000);
  });

  it('refuses any one wrong character', () => {
    const key = generateKey('pk');
    fc.assert(
      fc.property(fc.integer({ min: 7, max: key.length - 1 }), fc.constantFrom(...'09AZaz'), (at, character) => {
        fc.pre(key[at] !== character);
        expect(isPlausibleKey(key.slice(0, at) + character + key.slice(at + 1))).toBe(false);
      }),
    );
  });

  it('leaves keys that an operator chose alone, and shows nothing of them', () => {
    expect(isPlausibleKey('correct-horse-battery-staple')).toBe(true);
    expect(prefixOf('correct-horse-battery-staple')).toBe('');
    expect(isPlausibleKey('short')).toBe(false);
  });
});
