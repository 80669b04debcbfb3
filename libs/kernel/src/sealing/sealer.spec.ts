import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyRing, SealError, Sealer } from './sealer.ts';

const keyA = KeyRing.generate('a');
const keyB = KeyRing.generate('b');
const sealer = new Sealer(KeyRing.parse(keyA));

describe('Sealer', () => {
  it('opens what it sealed, at its place only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, place, other) => {
        const sealed = sealer.seal(text, place);
        expect(sealer.open(sealed, place).reveal()).toBe(text);
        if (other !== place) expect(() => sealer.open(sealed, other)).toThrow(SealError);
      }),
    );
  });

  it('opens nothing of which a single bit was changed', () => {
    const sealed = sealer.seal('refresh token', 'place');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        expect(() => sealer.open(changed, 'place')).toThrow(SealError);
      }),
    );
  });

  it('never seals the same value to the same bytes', () => {
    // More than the nonces that are fetched at once.
    const sealed = Array.from({ length: 2000 }, () => sealer.seal('x', 'p').toString('base64'));
    expect(new Set(sealed).size).toBe(2000);
    const nonces = sealed.map((text) => Buffer.from(text, 'base64').subarray(3, 15).toString('hex'));
    expect(new Set(nonces).size).toBe(2000);
  });

  it('opens values of an older key and says that they want re-sealing', () => {
    const sealed = sealer.seal('old', 'p');
    const rotated = new Sealer(KeyRing.parse(`${keyB},${keyA}`));
    expect(rotated.open(sealed, 'p').reveal()).toBe('old');
    expect(rotated.needsReseal(sealed)).toBe(true);
    expect(rotated.needsReseal(rotated.seal('new', 'p'))).toBe(false);
  });

  it('fails closed without the key, and tells a wrong key of the same name apart', () => {
    const sealed = sealer.seal('x', 'p');
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as SealError).code;
      }
      return undefined;
    };
    expect(code(() => new Sealer(KeyRing.parse(keyB)).open(sealed, 'p'))).toBe('unknown_key');
    expect(code(() => new Sealer(KeyRing.parse(KeyRing.generate('a'))).open(sealed, 'p'))).toBe('tampered');
    expect(code(() => sealer.open(Buffer.from('hello'), 'p'))).toBe('malformed');
  });

  it.each(['', 'a', 'a:', 'a:short', `a b:${'A'.repeat(43)}=`, `${keyA},${keyA}`])(
    'refuses the key list %j',
    (text) => {
      expect(() => KeyRing.parse(text)).toThrow();
    },
  );
});
