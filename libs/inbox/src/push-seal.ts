/** Where a sealed body belongs: one copied to another row does not open. The digest is known before the row's id is. */
export function sealedBodyPlace(platformId: number, digest: Buffer): string {
  return `inbox.push.sealed_body:${platformId}:${digest.toString('hex')}`;
}
