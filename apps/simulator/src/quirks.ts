import type { TextStyle } from './push-texts.ts';

/** Switches for what WeChat's pages leave open or contradict each other about; all may be changed while running. */
export interface WorldQuirks {
  /** `https:\/\/…` in all JSON bodies, as captured replies have it. Default false. */
  escapeSlashes: boolean;
  /** Element texts of pushes. Default `cdata`. */
  pushText: TextStyle;
  /** `api_authorizer_token` gives a new refresh token each time; the old one works five more minutes. Default false. */
  rotateRefreshTokens: boolean;
  /** Redirect and push bring different codes, both good for one exchange. Default false (same code). */
  distinctCodes: boolean;
  /** Code for an expired component token: 42001 or 42006. Default 42001. */
  expiredComponentTokenCode: number;
  /** Code for a merchant token after `unauthorized`; null: it lives on until it expires. Default 40001. */
  revokedTokenCode: number | null;
  /** Code for a wrong secret: 40125 or 40001. Default 40125. */
  wrongSecretCode: number;
  /** List entries of accounts whose code was never exchanged: field missing or empty. Default `missing`. */
  unexchangedRefreshToken: 'missing' | 'empty';
  /** Whether `api_get_authorizer_info` shows the refresh token; its page's sample of an official account does not. Default `shown`. */
  detailsRefreshToken: 'shown' | 'missing';
  /** Order of the authorizer list. Default `oldest_first`. */
  listOrder: 'oldest_first' | 'newest_first';
  /** Form of `func_info` elements. Default `id`. */
  funcInfo: 'id' | 'named' | 'confirm';
  /** `modify_wxa_server_domain` answers hosts with `https://`, as one user observed. Default false. */
  schemesInPlatformList: boolean;
  /** The authorization page opens only for browsers that come from the 授权发起页域名, as WeChat's page does. Default true. */
  checkAuthorizationOrigin: boolean;
  /** Hosts without an ICP filing; domain APIs reject them. */
  hostsWithoutIcp: string[];
}

export function defaultQuirks(): WorldQuirks {
  return {
    escapeSlashes: false,
    pushText: 'cdata',
    rotateRefreshTokens: false,
    distinctCodes: false,
    expiredComponentTokenCode: 42001,
    revokedTokenCode: 40001,
    wrongSecretCode: 40125,
    unexchangedRefreshToken: 'missing',
    detailsRefreshToken: 'shown',
    listOrder: 'oldest_first',
    funcInfo: 'id',
    schemesInPlatformList: false,
    checkAuthorizationOrigin: true,
    hostsWithoutIcp: [],
  };
}
