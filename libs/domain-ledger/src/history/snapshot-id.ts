const PATTERN = /^s([0-9a-z]{1,11})-([0-9a-z]{1,7})$/;

/** Opaque id of a snapshot: the mini program and the number of the snapshot within it. */
export function snapshotId(authorizerId: number, no: number): string {
  return `s${authorizerId.toString(36)}-${no.toString(36)}`;
}

/** What an id names, or null when it is none of ours: such a thing is simply not found. */
export function parseSnapshotId(id: string): { authorizerId: number; no: number } | null {
  const match = PATTERN.exec(id);
  if (!match) return null;
  const authorizerId = parseInt(match[1] as string, 36);
  const no = parseInt(match[2] as string, 36);
  if (!Number.isSafeInteger(authorizerId) || no < 1 || no > 0x7fffffff) return null;
  return snapshotId(authorizerId, no) === id ? { authorizerId, no } : null;
}
