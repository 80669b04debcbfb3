import { randomBytes } from 'node:crypto';

import { errcode } from '#libs/wechat-wire';

/** A business failure: WeChat answers HTTP 200 with `errcode` and `errmsg`. */
export class Refusal extends Error {
  readonly errcode: number;
  /** Replaces the text of the table. */
  readonly text: string;
  /** Stands between text and rid, as `requestIP: …` does for 61004. */
  readonly tail: string;
  /** Further fields of the body. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: number, more: { text?: string; tail?: string; fields?: Record<string, unknown> } = {}) {
    super(`errcode ${code}`);
    this.errcode = code;
    this.text = more.text ?? errcode(code).errmsg ?? 'unknown error';
    this.tail = more.tail ?? '';
    this.fields = more.fields ?? {};
  }
}

/** Three groups of eight hex digits; the first is the Unix time of the request (checked on two dated public posts). */
export function newRid(unixSeconds: number): string {
  const random = randomBytes(8).toString('hex');
  return `${unixSeconds.toString(16).padStart(8, '0')}-${random.slice(0, 8)}-${random.slice(8)}`;
}

/** The body of a failure. */
export function refusalBody(refusal: Refusal, rid: string): Record<string, unknown> {
  const tail = refusal.tail === '' ? '' : ` ${refusal.tail}`;
  return { errcode: refusal.errcode, errmsg: `${refusal.text}${tail} rid: ${rid}`, ...refusal.fields };
}
