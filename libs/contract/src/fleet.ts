import { z } from 'zod';
import { domainGroup, domainList, domainName, fitsList } from './domain-history.ts';
import { authorizerAppid, merchantId, moment, momentInput, pageQuery, pageSchema } from './fields.ts';

export const verdict = z
  .enum(['covered', 'pending', 'missing', 'unknown'])
  .describe(
    '`covered`: the mini program has the domain in the group asked about. `pending`: it is configured in another group and not ' +
      'in force. `missing`: neither. `unknown`: never observed, or permission set 18 is not granted',
  );

const merchantOf = merchantId.nullable().describe('The merchant; null while the account belongs to none');
const lastObserved = moment('Latest observation of the mini program');
const evidence = lastObserved.nullable().describe('Latest observation (ISO 8601); null when there was none');

export const coverageQuery = {
  domain: domainName,
  list: domainList,
  group: domainGroup.default('effective_domain').describe('The group that must have it'),
  verdict: verdict.optional().describe('Only mini programs with this verdict; the counts stay those of all'),
  ...pageQuery,
};

export const coverageItem = z
  .strictObject({ authorizer_appid: authorizerAppid, merchant_id: merchantOf, verdict, observed_at: evidence })
  .meta({ id: 'CoverageItem', description: 'What is known of one domain on one mini program' });
export type CoverageItemView = z.infer<typeof coverageItem>;

const howMany = (what: string) => z.number().int().min(0).describe(`Mini programs with the verdict \`${what}\``);

export const coverageView = pageSchema(coverageItem, 'Mini programs in a stable order')
  .extend({
    domain: z.string().describe('The domain as it was asked'),
    list: domainList,
    group: domainGroup,
    covered: howMany('covered'),
    pending: howMany('pending'),
    missing: howMany('missing'),
    unknown: howMany('unknown'),
  })
  .meta({ id: 'Coverage', description: 'Who has a domain: counts of all, and one page' });
export type CoverageView = z.infer<typeof coverageView>;

const listDomains = (description: string) =>
  z
    .array(z.strictObject({ list: domainList, domains: z.array(z.string()).describe('Domains in normal form') }))
    .describe(description);

export const driftItem = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    pending: listDomains('Configured and not in force'),
    effective_only: listDomains('In force and not configured'),
    since: moment('First observation of the drift that lasts; its domains may have changed since'),
    observed_at: lastObserved,
  })
  .meta({ id: 'DomainDrift', description: 'A mini program whose configured domains and domains in force differ' });
export const driftPage = pageSchema(driftItem, 'Mini programs that drift, in a stable order').meta({
  id: 'DomainDriftPage',
});

export const changesQuery = {
  from: momentInput('Only changes observed at or after this moment').optional(),
  to: momentInput('Only changes observed at or before this moment').optional(),
  group: domainGroup.optional().describe('Only this group'),
  list: domainList.optional().describe('Only this list'),
  domain: domainName.optional().describe('Only changes that add or remove this domain, in any equal spelling'),
  merchant_id: merchantId.optional().describe('Only mini programs of this merchant'),
  ...pageQuery,
};

export const fleetChange = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    snapshot_id: z.string().describe('The snapshot that begins with the change'),
    observed_at: moment('First observation after the change'),
    group: domainGroup,
    list: domainList,
    added: z.array(z.string()).describe('Domains that are new in the list, in normal form'),
    removed: z.array(z.string()).describe('Domains that are gone from the list, in normal form'),
  })
  .meta({ id: 'FleetChange', description: 'How one list of one mini program changed' });
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
      .describe('The fullest list of each of the mini programs with the fullest lists'),
    domains: z
      .array(
        z.strictObject({
          domain: z.string().describe('Domain in normal form'),
          count: count('Distinct principals that have it in `direct_domain`'),
          limit,
          observed_at: moment('The oldest of the observations behind the count'),
        }),
      )
      .describe('Domains set by the direct way, the most widely used first'),
    edits: z
      .array(
        z.strictObject({
          authorizer_appid: authorizerAppid,
          merchant_id: merchantOf,
          count: count('Edits seen this month'),
          limit,
          lower_bound: z
            .literal(true)
            .describe(
              'Edits between two observations are seen as one; an edit seen first this month that may be from before it is none',
            ),
          since: moment('Begin of the month in Beijing'),
          observed_at: lastObserved,
        }),
      )
      .describe(
        'Mini programs in whose `third_domain` or `direct_domain` the most often a domain was seen to come or go this month',
      ),
    at_risk: z
      .array(
        z.strictObject({
          domain: z.string().describe('Domain in normal form'),
          list: domainList,
          count: count('Mini programs that have it in force and not in `direct_domain`'),
          limit: z.null().describe('There is none'),
          observed_at: moment("Latest fetch of the platform's own list"),
        }),
      )
      .nullable()
      .describe(
        "Domains in force that are not in the platform's own published list: a release drops them, except where they are in " +
          '`direct_domain`, which needs no such list. ' +
          'null: unknown, because that list was never fetched or is not to be seen',
      ),
  })
  .meta({ id: 'DomainGauges', description: "How near the fleet is to WeChat's limits: the 50 nearest of each kind" });

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
      .describe('What must be in force'),
    merchant_ids: z.array(merchantId).min(1).max(1000).optional().describe('Only mini programs of these merchants'),
    authorizer_appids: z
      .array(authorizerAppid)
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Only these accounts, each with an item: `unknown` where it is no mini program in state authorized that the key may see',
      ),
    max_age: maxAge
      .optional()
      .describe('Evidence older than this counts as `unknown`: an ISO 8601 duration such as PT24H, or whole seconds'),
    fetch_stale: z
      .boolean()
      .optional()
      .describe('Ask WeChat first about mini programs of this page without evidence that is young enough'),
  })
  .refine((body) => body.merchant_ids === undefined || body.authorizer_appids === undefined, {
    path: ['authorizer_appids'],
    message: 'cannot be combined with merchant_ids',
  })
  .meta({ id: 'DomainAssertion', description: 'What a release needs, and of whom' });

export const assertionItem = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    merchant_id: merchantOf,
    verdict: verdict.describe('The worst of its domains: `missing`, then `pending`, `unknown`, `covered`'),
    observed_at: evidence,
    domains: z
      .array(z.strictObject({ list: domainList, domain: z.string().describe('The domain as it was asked'), verdict }))
      .describe('One verdict for each domain asked'),
  })
  .meta({ id: 'AssertionItem', description: 'Whether one mini program is ready' });
export const assertionPage = pageSchema(
  assertionItem,
  'Mini programs in state authorized, or the accounts named, in a stable order',
).meta({
  id: 'AssertionPage',
});
