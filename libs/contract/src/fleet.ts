import { z } from 'zod';
import { domainGroup, domainList, domainName, fitsList, unknownReason } from './domain-history.ts';
import { authorizerAppid, merchantId, moment, momentInput, pageQuery, pageSchema } from './fields.ts';

export const verdict = z
  .enum(['covered', 'pending', 'missing', 'unknown'])
  .describe(
    '`covered`: the domain is in the requested group. `pending`: it is configured in another group, but not effective. ' +
      '`missing`: neither. `unknown`: never observed, or permission set 18 is not granted',
  );

const merchantOf = merchantId.nullable().describe('Merchant; null while the account is unassigned');
const lastObserved = moment('Latest observation of the mini program');
const evidence = lastObserved.nullable().describe('Latest observation (ISO 8601); null if there is none');

const whyUnknown = unknownReason.nullable().describe('Why the verdict is `unknown`; otherwise null');

export const coverageQuery = {
  domain: domainName,
  list: domainList,
  group: domainGroup.default('effective_domain').describe('Group to look for the domain in'),
  verdict: verdict.optional().describe('Only mini programs with this verdict; the counts still cover all'),
  ...pageQuery,
};

export const coverageItem = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    verdict,
    reason: whyUnknown,
    observed_at: evidence,
  })
  .meta({ id: 'CoverageItem', description: 'Verdict on one domain for one mini program' });
export type CoverageItemView = z.infer<typeof coverageItem>;

const howMany = (what: string) => z.number().int().min(0).describe(`Mini programs with the verdict \`${what}\``);

export const coverageView = pageSchema(coverageItem, 'Mini programs in a stable order')
  .extend({
    domain: z.string().describe('The domain as requested'),
    list: domainList,
    group: domainGroup,
    covered: howMany('covered'),
    pending: howMany('pending'),
    missing: howMany('missing'),
    unknown: howMany('unknown'),
  })
  .meta({ id: 'Coverage', description: 'Coverage of a domain: total counts and one page of mini programs' });
export type CoverageView = z.infer<typeof coverageView>;

const listDomains = (description: string) =>
  z
    .array(z.strictObject({ list: domainList, domains: z.array(z.string()).describe('Domains in normal form') }))
    .describe(description);

export const driftItem = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    pending: listDomains('Configured but not effective'),
    effective_only: listDomains('Effective but not configured'),
    since: moment('First observation of the current drift; its domains may have changed since then'),
    observed_at: lastObserved,
  })
  .meta({ id: 'DomainDrift', description: 'A mini program whose configured and effective domains differ' });
export const driftPage = pageSchema(driftItem, 'Mini programs with drift, in a stable order').meta({
  id: 'DomainDriftPage',
});

export const changesQuery = {
  from: momentInput('Only changes observed at or after this time').optional(),
  to: momentInput('Only changes observed at or before this time').optional(),
  group: domainGroup.optional().describe('Only this group'),
  list: domainList.optional().describe('Only this list'),
  domain: domainName.optional().describe('Only changes that add or remove this domain, in any equivalent spelling'),
  merchant_id: merchantId.optional().describe('Only mini programs of this merchant'),
  ...pageQuery,
};

export const fleetChange = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    snapshot_id: z.string().describe('Snapshot that starts with the change'),
    observed_at: moment('First observation after the change'),
    group: domainGroup,
    list: domainList,
    added: z.array(z.string()).describe('Added domains in normal form'),
    removed: z.array(z.string()).describe('Removed domains in normal form'),
  })
  .meta({ id: 'FleetChange', description: 'A change of one list of one mini program' });
export type FleetChangeView = z.infer<typeof fleetChange>;
export const fleetChangePage = pageSchema(fleetChange, 'Changes, newest first').meta({ id: 'FleetChangePage' });

const count = (description: string) => z.number().int().min(0).describe(description);
const limit = z.number().int().describe("WeChat's limit");

export const domainGauges = z
  .strictObject({
    lists: z
      .array(
        z.strictObject({
          authorizer_appid: authorizerAppid,
          merchant_id: merchantOf,
          group: domainGroup,
          list: domainList,
          count: count('Entries in the list'),
          limit,
          observed_at: lastObserved,
        }),
      )
      .describe('Mini programs with the most entries in a list, with that list'),
    domains: z
      .array(
        z.strictObject({
          domain: z.string().describe('Domain in normal form'),
          count: count('Distinct principals with the domain in `direct_domain`'),
          limit,
          observed_at: moment('The oldest observation used for the count'),
        }),
      )
      .describe('Domains in `direct_domain`, most widely used first'),
    edits: z
      .array(
        z.strictObject({
          authorizer_appid: authorizerAppid,
          merchant_id: merchantOf,
          count: count('Edits observed this month'),
          limit,
          lower_bound: z
            .literal(true)
            .describe(
              'Edits between two observations count as one; an edit observed this month that may have happened before is not counted',
            ),
          since: moment('Start of the month in Beijing'),
          observed_at: lastObserved,
        }),
      )
      .describe('Mini programs with the most observed edits of `third_domain` or `direct_domain` this month'),
    at_risk: z
      .array(
        z.strictObject({
          domain: z.string().describe('Domain in normal form'),
          list: domainList,
          count: count('Mini programs where it is effective and not in `direct_domain`'),
          limit: z.null().describe('Always null: there is no limit'),
          observed_at: moment("Latest fetch of the platform's own list"),
        }),
      )
      .nullable()
      .describe(
        "Effective domains that are not in the platform's own published list: a release removes them, except where they are in " +
          '`direct_domain`. null: unknown, because that list was never fetched or is not visible to the key',
      ),
  })
  .meta({ id: 'DomainGauges', description: "How close the fleet is to WeChat's limits: the 50 closest of each kind" });

const AGE = /^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const AGE_RULE = 'must be an ISO 8601 duration such as PT24H, or whole seconds';

/** Becomes milliseconds. */
const maxAge = z
  .union(
    [
      z.number().int().min(0).max(1_000_000_000),
      z
        .string()
        .min(3)
        .max(40)
        .regex(AGE)
        .transform((text) => {
          const parts = AGE.exec(text)?.slice(1) ?? [];
          return [604_800, 86_400, 3600, 60, 1].reduce((sum, unit, at) => sum + unit * Number(parts[at] ?? 0), 0);
        }),
    ],
    AGE_RULE,
  )
  .transform((seconds) => seconds * 1000);

export const domainAssertion = z
  .strictObject({
    domains: z
      .array(z.strictObject({ list: domainList, domain: domainName }).superRefine(fitsList))
      .min(1)
      .max(100)
      .describe('Domains that must be effective'),
    merchant_ids: z.array(merchantId).min(1).max(1000).optional().describe('Only mini programs of these merchants'),
    authorizer_appids: z
      .array(authorizerAppid)
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Only these accounts. Each gets an item: `unknown` if it is not a mini program in state `authorized` that the key may see',
      ),
    max_age: maxAge
      .optional()
      .describe(
        'Maximum age of an observation; older ones count as `unknown`. An ISO 8601 duration such as PT24H, or whole seconds',
      ),
    fetch_stale: z
      .boolean()
      .optional()
      .describe('Take snapshots of the mini programs on this page whose latest observation is too old'),
  })
  .refine((body) => body.merchant_ids === undefined || body.authorizer_appids === undefined, {
    path: ['authorizer_appids'],
    message: 'cannot be combined with merchant_ids',
  })
  .meta({ id: 'DomainAssertion', description: 'Domains that a release needs, and the mini programs to check' });

export const assertionItem = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    verdict: verdict.describe('The worst verdict of its domains: `missing`, then `pending`, `unknown`, `covered`'),
    reason: whyUnknown,
    observed_at: evidence,
    domains: z
      .array(z.strictObject({ list: domainList, domain: z.string().describe('The domain as requested'), verdict }))
      .describe('One verdict per requested domain'),
  })
  .meta({ id: 'AssertionItem', description: 'Whether one mini program is ready' });
export const assertionPage = pageSchema(
  assertionItem,
  'Mini programs in state `authorized`, or the requested accounts, in a stable order',
).meta({
  id: 'AssertionPage',
});
