import { httpRequest } from './http-connection.ts';

/** Where a merchant's access token is asked for. */
export function handOutPath(componentAppid: string, authorizerAppid: string): string {
  return `/v1/platforms/${componentAppid}/authorizers/${authorizerAppid}/access-token`;
}

/** The bytes of a request for it. */
export function handOutRequest(componentAppid: string, authorizerAppid: string, key: string): Buffer {
  return httpRequest('POST', handOutPath(componentAppid, authorizerAppid), { authorization: `Bearer ${key}` });
}
