/** A part of a keyset position. `null` stands for SQL NULL. */
export type CursorPart = string | number | null;

/** Thrown for a cursor that the hub did not issue, or issued for another list. */
export class CursorError extends Error {
  override name = 'CursorError';
  constructor() {
    super('not a cursor of this list');
  }
}

const MAX_LENGTH = 1024;

/**
 * Opaque position after the last row of a page: the sort key of that row, so that inserts do not shift pages.
 * `kind` names the list; a cursor of one list is refused by another.
 */
export function encodeCursor(kind: string, parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify([kind, ...parts]), 'utf8').toString('base64url');
}

/** Reads a cursor back; `shape` gives the expected type of each part ('string', 'number'; a `?` admits null). */
export function decodeCursor<const S extends readonly CursorShape[]>(
  kind: string,
  cursor: string,
  shape: S,
): { -readonly [K in keyof S]: PartOf<S[K]> } {
  const parts = parse(cursor);
  if (parts.length !== shape.length + 1 || parts[0] !== kind) throw new CursorError();
  const values = parts.slice(1);
  values.forEach((value, index) => {
    const expected = shape[index] ?? 'string';
    if (value === null ? !expected.endsWith('?') : typeof value !== expected.replace('?', '')) throw new CursorError();
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new CursorError();
    if (typeof value === 'string' && value.includes('\u0000')) throw new CursorError(); // PostgreSQL's text refuses it
  });
  return values as { -readonly [K in keyof S]: PartOf<S[K]> };
}

export type CursorShape = 'string' | 'number' | 'string?' | 'number?';
export type PartOf<S extends CursorShape> = S extends 'string'
  ? string
  : S extends 'number'
    ? number
    : S extends 'string?'
      ? string | null
      : number | null;

function parse(cursor: string): unknown[] {
  if (cursor.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw new CursorError();
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(value)) return value;
  } catch {
    // falls through: not JSON
  }
  throw new CursorError();
}

/**
 * Turns up to `limit + 1` rows into one page; the extra row shows that there is a next page.
 */
export function pageOf<Row, Item>(
  kind: string,
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  key: (row: Row) => readonly CursorPart[],
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(kind, key(last)) : null,
  };
}
