import fc from 'fast-check';

/** Texts that have broken something somewhere. */
const NASTY = [
  '',
  ' ',
  '\u0000',
  '\u202e',
  '\ufeff',
  "' OR 1=1 --",
  "'; DROP TABLE access.api_key; --",
  '$1',
  '%',
  '_',
  '\\',
  '../../etc/passwd',
  '%2e%2e%2f',
  '%zz',
  '__proto__',
  'constructor',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '${jndi:ldap://x}',
  '\r\nSet-Cookie: a=b',
  '=cmd|calc',
  'a'.repeat(5000),
  'é'.repeat(400),
  '💣'.repeat(100),
  'NaN',
  'Infinity',
  '-1',
  '1e309',
  '9223372036854775808',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  'null',
  '[]',
  '*',
  ',',
];

export const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }).map(wellFormed),
);

/** No client can send half a surrogate pair. */
export function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
