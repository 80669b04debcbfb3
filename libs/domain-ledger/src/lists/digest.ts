import { hash as hashOf } from 'node:crypto';
import { NORMAL_FORM, type NormalContent } from './normalise.ts';

/** SHA-256 of a body as it came, in hex: made once per answer of a sweep, where a text costs half of what bytes do. */
export function bodyDigest(body: Buffer): string {
  return hashOf('sha256', body, 'hex');
}

/**
 * Digest of one list in normal form. Every name is preceded by its length, so that no two different lists can give
 * the same bytes.
 */
export function listDigest(names: readonly string[]): Buffer {
  let text = `wxfleet-domain-list:${NORMAL_FORM}:`;
  for (const name of names) text += `${Buffer.byteLength(name)}:${name}`;
  return hashOf('sha256', text, 'buffer');
}

const CONTENT = Buffer.from(`wxfleet-domain-content:${NORMAL_FORM}:`);
const ABSENT = Buffer.from([0]);
const PRESENT = Buffer.from([1]);

/** Digest of all slots; an absent list and an empty one differ. `digests` are those of `listDigest`, null where absent. */
export function contentDigest(digests: readonly (Buffer | null)[]): Buffer {
  const parts = digests.flatMap((digest) => (digest ? [PRESENT, digest] : [ABSENT]));
  return hashOf('sha256', Buffer.concat([CONTENT, ...parts]), 'buffer');
}

/** Digests of the lists and of the whole. */
export function digestsOf(content: NormalContent): { lists: (Buffer | null)[]; content: Buffer } {
  const lists = content.map((names) => (names === null ? null : listDigest(names)));
  return { lists, content: contentDigest(lists) };
}
