/**
 * One account's authorization towards one platform, and the state of its tokens. Explicit accounts keep one as an object;
 * for a fleet account it is a view over the fleet's columns until somebody changes the authorization itself.
 */
export interface Grant {
  authorized: boolean;
  permissionSets: readonly number[];
  /** Simulated Unix seconds. */
  authTime: number;
  /** Counts authorizations; cancelling and authorizing again makes a new refresh token and kills the old one. */
  epoch: number;
  /** The refresh token comes into being with the first exchange of a code (WeChat page "creat_token", FAQ). */
  exchanged: boolean;
  /** Serial of the newest access token; 0 when none was issued. */
  serial: number;
  issuedAt: number;
  /** How often the refresh token was rotated (only with the rotation switch). */
  rotation: number;
  rotatedAt: number;
  /** Successful `api_authorizer_token` calls. */
  refreshes: number;
}

/** A grant as it stands right after the merchant confirmed. */
export function newGrant(permissionSets: readonly number[], authTime: number, epoch: number): Grant {
  return {
    authorized: true,
    permissionSets: [...permissionSets],
    authTime,
    epoch,
    exchanged: false,
    serial: 0,
    issuedAt: 0,
    rotation: 0,
    rotatedAt: 0,
    refreshes: 0,
  };
}
