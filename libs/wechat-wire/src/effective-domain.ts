import { z } from 'zod';
import { statusFields } from './reply.ts';

/** Where a domain was configured, in the order of the page "getEffectiveServerDomain"; the last one is what is in force. */
export const DOMAIN_GROUPS = ['mp_domain', 'third_domain', 'direct_domain', 'effective_domain'] as const;
export type DomainGroup = (typeof DOMAIN_GROUPS)[number];

/** Lists of one group, in the order of the page. */
export const DOMAIN_LISTS = [
  'requestdomain',
  'wsrequestdomain',
  'uploaddomain',
  'downloaddomain',
  'udpdomain',
  'tcpdomain',
] as const;
export type DomainList = (typeof DOMAIN_LISTS)[number];

const domains = z.array(z.string()).nullish();

/** An empty object may come as `[]` from a server that does not tell the two apart. */
const group = z.preprocess(
  (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
  z
    .looseObject({
      requestdomain: domains,
      wsrequestdomain: domains,
      uploaddomain: domains,
      downloaddomain: domains,
      udpdomain: domains,
      tcpdomain: domains,
    })
    .nullish(),
);

/**
 * Page "getEffectiveServerDomain". How WeChat shows a group that is not used (absent, null, empty) is not documented, so
 * every group and list may be missing; what is missing stays missing.
 */
export const effectiveDomainReply = z.looseObject({
  ...statusFields,
  mp_domain: group,
  third_domain: group,
  direct_domain: group,
  effective_domain: group,
});
export type EffectiveDomainReply = z.infer<typeof effectiveDomainReply>;

/** Page "getEffectiveJumpDomain": business domains, flat lists instead of groups. */
export const effectiveWebviewDomainReply = z.looseObject({
  ...statusFields,
  mp_webviewdomain: domains,
  third_webviewdomain: domains,
  direct_webviewdomain: domains,
  effective_webviewdomain: domains,
});
export type EffectiveWebviewDomainReply = z.infer<typeof effectiveWebviewDomainReply>;
