import { createHash } from 'node:crypto';
import type { ApiIpFormat, ApiIpKind, ApiIpView, TerraformRules } from '#libs/contract';
import { iptables, ipset, nftables } from './firewall-formats.ts';
import type { ListToWrite } from './list-to-write.ts';
import { nginx } from './nginx-format.ts';
import { terraform } from './terraform-format.ts';

/** What a file says about itself, and what it is for. */
export interface FormatContext {
  /** Where the file came from. */
  source: string;
  /** When this list was seen first: with the list it stays the same, so that equal lists are equal files. */
  since: string;
  /** Security-group rules beside the lists, in `terraform` only. */
  rules: TerraformRules;
}

/** A way of writing a list for the program that makes a firewall of it. */
export interface IpListFormat {
  /** Value of `Content-Type`. */
  mediaType: string;
  render(view: ApiIpView, context?: FormatContext): string;
}

const PLAIN = 'text/plain; charset=utf-8';
const NO_CONTEXT: FormatContext = { source: 'wxfleet', since: '', rules: 'none' };

function commented(render: (list: ListToWrite) => string): IpListFormat {
  return {
    mediaType: PLAIN,
    render: (view, context = NO_CONTEXT) => {
      const list = toWrite(view, context);
      return list.comment.map((line) => `# ${line}\n`).join('') + render(list);
    },
  };
}

/** Formats besides JSON, which is the view itself. */
export const ipListFormats = {
  /** One address or network a line, and nothing else. */
  text: { mediaType: PLAIN, render: (view) => view.ip_list.map((entry) => `${entry}\n`).join('') },
  nftables: commented(nftables),
  ipset: commented(ipset),
  iptables: commented(iptables),
  nginx: commented(nginx),
  terraform: commented(terraform),
} as const satisfies Record<Exclude<ApiIpFormat, 'json'>, IpListFormat>;

const ABOUT: Record<ApiIpKind, string> = {
  'api-domain': 'Addresses of the WeChat API (get_api_domain_ip): where calls go to.',
  callback: 'Addresses that WeChat pushes come from (getcallbackip).',
};

function toWrite(view: ApiIpView, { source, since, rules }: FormatContext): ListToWrite {
  const comment = [ABOUT[view.kind], `From ${source}, list ${view.sync_token}${since ? `, seen since ${since}` : ''}.`];
  if (view.stale) comment.push(`STALE: last seen ${view.observed_at}.`);
  if (view.incomplete) comment.push("INCOMPLETE: WeChat's latest answer has entries that could not be read.");
  return {
    kind: view.kind,
    name: view.kind.replace('-', '_'),
    v4: view.ip_list.filter((entry) => !entry.includes(':')),
    v6: view.ip_list.filter((entry) => entry.includes(':')),
    comment,
    rules,
  };
}

/**
 * `ETag` of a list in one format, with its quotes. It covers the list, whether it is stale or incomplete, and in JSON what is held,
 * but not when it was seen last, so that polling does not fetch an unchanged list.
 * @param format with everything else that the request chose
 */
export function ipListEtag(view: ApiIpView, format: string): string {
  const held = format.startsWith('json') ? view.held?.id : undefined;
  const parts = [format, view.kind, view.sync_token, view.stale, view.incomplete, held];
  return `"${createHash('sha256').update(parts.join(' ')).digest('base64url').slice(0, 27)}"`;
}
