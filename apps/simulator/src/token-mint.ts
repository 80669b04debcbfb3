import { createHmac } from 'node:crypto';

/** What an access token says about itself; the client sees only an opaque string. */
export interface TokenClaims {
  readonly kind: 'component' | 'authorizer';
  readonly componentAppid: string;
  /** Empty for a component token. */
  readonly authorizerAppid: string;
  /** Simulated Unix seconds. */
  readonly issuedAt: number;
  /** Counts the tokens of one subject; the newest serial is the current token. */
  readonly serial: number;
  /** Counts the authorizations of one account; an older epoch died with its grant. */
  readonly epoch: number;
}

const ACCESS_PREFIX = '90_';
const MAC_CHARS = 22;

/**
 * Makes and reads every token, code and ticket of the simulated WeChat. Access tokens and tickets are signed statements, not rows:
 * a million accounts need no table, and a restarted simulator with the same seed still knows what it issued.
 */
export class TokenMint {
  readonly #key: Buffer;
  #count = 0;

  constructor(seed: string) {
    this.#key = createHmac('sha256', 'wechat simulator').update(seed).digest();
  }

  /** An access token of either kind. */
  access(claims: TokenClaims): string {
    const payload = `${claims.kind === 'component' ? 'C' : 'A'}|${claims.issuedAt}|${claims.serial}|${claims.epoch}|${claims.componentAppid}|${claims.authorizerAppid}`;
    return ACCESS_PREFIX + this.#mac(payload) + Buffer.from(payload, 'latin1').toString('base64url');
  }

  /** The claims of an access token; null for a string this mint never made. */
  readAccess(token: string): TokenClaims | null {
    if (!token.startsWith(ACCESS_PREFIX) || token.length < 30) return null;
    const payload = Buffer.from(token.slice(ACCESS_PREFIX.length + MAC_CHARS), 'base64url').toString('latin1');
    if (this.#mac(payload) !== token.slice(ACCESS_PREFIX.length, ACCESS_PREFIX.length + MAC_CHARS)) return null;
    const [kind, issuedAt, serial, epoch, componentAppid, authorizerAppid] = payload.split('|');
    if (componentAppid === undefined || authorizerAppid === undefined) return null;
    return {
      kind: kind === 'C' ? 'component' : 'authorizer',
      issuedAt: Number(issuedAt),
      serial: Number(serial),
      epoch: Number(epoch),
      componentAppid,
      authorizerAppid,
    };
  }

  /** A refresh token, in the observed shape `refreshtoken@@@…`; the same input gives the same token. */
  refresh(componentAppid: string, authorizerAppid: string, epoch: number, rotation: number): string {
    return `refreshtoken@@@${createHmac('sha256', this.#key).update(`R|${componentAppid}|${authorizerAppid}|${epoch}|${rotation}`).digest('base64url')}`;
  }

  /** A `component_verify_ticket` in the observed shape: `ticket@@@` and 86 url-safe characters. */
  ticket(componentAppid: string, issuedAt: number, serial: number): string {
    const head = Buffer.from(`${issuedAt}.${serial}`.padEnd(21, '.'), 'latin1').toString('base64url');
    return `ticket@@@${head}${this.#wideMac(`T|${componentAppid}|${head}`, 86 - head.length)}`;
  }

  /** When a ticket of this platform was issued (Unix seconds); null for a foreign or invented one. */
  readTicket(componentAppid: string, ticket: string): number | null {
    const head = ticket.slice(9, 37);
    if (`ticket@@@${head}${this.#wideMac(`T|${componentAppid}|${head}`, 58)}` !== ticket) return null;
    return Number(Buffer.from(head, 'base64url').toString('latin1').split('.')[0]);
  }

  /** A new pre-auth or authorization code; these are single use and kept in tables. */
  code(prefix: 'preauthcode' | 'queryauthcode', subject: string): string {
    this.#count += 1;
    return `${prefix}@@@${this.#wideMac(`Q|${prefix}|${subject}|${this.#count}|${Date.now()}`, 64)}`;
  }

  #mac(payload: string): string {
    return createHmac('sha256', this.#key).update(payload).digest('base64url').slice(0, MAC_CHARS);
  }

  #wideMac(payload: string, chars: number): string {
    return createHmac('sha512', this.#key).update(payload).digest('base64url').slice(0, chars);
  }
}
