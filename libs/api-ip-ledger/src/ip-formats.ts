import { createHash } from 'node:crypto';
import type { ApiIpView } from '#libs/contract';

/** A way of writing a list for the program that makes a firewall of it. */
export interface IpListFormat {
  /** Value of `Content-Type`. */
  mediaType: string;
  render(view: ApiIpView): string;
}

/** Formats besides JSON, which is the view itself. A further format is one more member. */
export const ipListFormats = {
  /** One address or network a line. */
  text: {
    mediaType: 'text/plain; charset=utf-8',
    render: (view) => view.ip_list.map((entry) => `${entry}\n`).join(''),
  },
} as const satisfies Record<string, IpListFormat>;

/**
 * `ETag` of a list in one format, with its quotes. It covers the list and whether it is stale but not when it was seen
 * last, so that polling does not fetch an unchanged list.
 */
export function ipListEtag(view: ApiIpView, format: string): string {
  const parts = [format, view.kind, view.sync_token, view.stale];
  return `"${createHash('sha256').update(parts.join(' ')).digest('base64url').slice(0, 27)}"`;
}
