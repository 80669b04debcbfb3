import { describe, expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { Passwords } from './password.ts';

const secret = (text: string) => new Secret(text);
/** What is true at any cost is shown at a low one. */
const passwords = new Passwords({ logN: 10, r: 8, p: 3 });
const hashPassword = (password: Secret) => passwords.hash(password, { kind: 'change', who: 'spec' });
const check = (password: Secret, stored: string | null) =>
  passwords.check(password, stored, { kind: 'login', who: '192.0.2.1' });
const isPassword = async (password: Secret, stored: string | null) => (await check(password, stored)).isRight;

describe('passwords', () => {
  it('are recognised, never twice the same hash, and not found in it', async () => {
    const [one, two] = await Promise.all([
      hashPassword(secret('correct horse')),
      hashPassword(secret('correct horse')),
    ]);
    expect(one).toMatch(/^\$scrypt\$ln=10,r=8,p=3\$/);
    expect(one).not.toBe(two);
    expect(one).not.toContain('correct');
    expect(await isPassword(secret('correct horse'), one)).toBe(true);
    expect(await isPassword(secret('correct horsf'), one)).toBe(false);
  });

  it('cost what OWASP asks for, unless told otherwise', async () => {
    const hash = await new Passwords().hash(secret('correct horse'), { kind: 'change', who: 'spec' });
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  });

  it('are the same in both ways of writing an accent', async () => {
    expect(
      await isPassword(secret('caf\u00e9 caf\u00e9 x'), await hashPassword(secret('cafe\u0301 cafe\u0301 x'))),
    ).toBe(true);
  });

  it('of nobody are never right, nor is anything that is no hash', async () => {
    expect(await isPassword(secret('anything'), null)).toBe(false);
    expect(await isPassword(secret('anything'), 'anything')).toBe(false);
  });

  it('that were kept at another cost are right as before, and then get a hash at that of today', async () => {
    const before = new Passwords({ logN: 10, r: 8, p: 1 });
    const old = await before.hash(secret('correct horse'), { kind: 'change', who: 'spec' });
    expect(await check(secret('wrong'), old)).toEqual({ isRight: false, renewed: null });
    const { isRight, renewed } = await check(secret('correct horse'), old);
    expect([isRight, renewed]).toEqual([true, expect.stringMatching(/^\$scrypt\$ln=10,r=8,p=3\$/)]);
    expect(await check(secret('correct horse'), renewed)).toEqual({ isRight: true, renewed: null });
  });

  it('are checked in turn, however many come at once', async () => {
    const hash = await hashPassword(secret('correct horse'));
    const found = await Promise.all(
      Array.from({ length: 9 }, (_, index) => isPassword(secret(index % 2 ? 'wrong' : 'correct horse'), hash)),
    );
    expect(found).toEqual([true, false, true, false, true, false, true, false, true]);
  });
});
