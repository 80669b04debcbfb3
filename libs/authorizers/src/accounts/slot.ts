import { createHash } from 'node:crypto';

/** Slots of a round of snapshots. */
export const SLOTS = 65_536;

/** Place of an account in every sweep round, 0 to 65,535: the first two bytes of SHA-256 of the appid. Never changes. */
export function slotOf(authorizerAppid: string): number {
  return createHash('sha256').update(authorizerAppid).digest().readUInt16BE(0);
}
