import type { Secret } from '#libs/kernel';

/** One verified push on its way into the database. */
export interface PushToStore {
  platformId: number;
  /** SHA-256 of the ciphertext. */
  digest: Buffer;
  /** False: nothing is kept of it; only its signed timestamp is compared with the database's clock. */
  store: boolean;
  infoType: string;
  authorizerAppid: string;
  /** Signed timestamp of the request, Unix seconds. */
  signedAt: number;
  /** WeChat's CreateTime, Unix seconds; null: the signed timestamp stands in for it. */
  createdAt: number | null;
  sealedBody: Buffer | null;
  state: 'pending' | 'handled' | 'unhandled';
  ticket: Secret | null;
  /** The span of the request, for the job that handles the push; undefined without traces. */
  traceparent: string | undefined;
}
