import { z } from 'zod';
import { domainGroup, domainList, domainName } from './domain-history.ts';
import { authorizerAppid, merchantId, moment, momentInput, pageQuery, pageSchema, queryInteger } from './fields.ts';

/** Read models that the console draws: a platform in numbers, the same change of many, and how a domain spreads. */

const count = (description: string) => z.number().int().min(0).describe(description);

export const platformOverview = z
  .strictObject({
    at: moment('When this was counted'),
    mini_programs: z
      .strictObject({
        authorized: count('Mini programs in state `authorized`'),
        readable: count('Those of them that grant permission set 18'),
        fresh: count('Readable ones whose latest observation is younger than `fresh_seconds`'),
        unknown: count('Authorized ones that were never observed or do not grant permission set 18'),
        failing: count('Readable ones where reading has failed since their latest observation'),
      })
      .describe('The fleet in numbers'),
    fresh_seconds: z.number().int().describe('Age in seconds up to which an observation counts as fresh'),
    oldest_evidence: z
      .strictObject({ authorizer_appid: authorizerAppid, observed_at: moment('Its latest observation') })
      .nullable()
      .describe('The readable mini program whose latest observation is the oldest; null when none was observed'),
    changes_per_day: z
      .array(
        z.strictObject({
          day: z.iso.date().describe('A day in Beijing time'),
          changes: count('Snapshots that differ from the one before them; first observations are no changes'),
        }),
      )
      .describe('The last 30 days including today, oldest first; days without a change are there with 0'),
  })
  .meta({ id: 'PlatformOverview', description: 'A platform in numbers' });
export type PlatformOverviewView = z.infer<typeof platformOverview>;

export const changeGroupsQuery = {
  from: momentInput('Only changes observed at or after this moment; absent: 7 days before `to`').optional(),
  to: momentInput('Only changes observed at or before this moment; absent: now').optional(),
  group: domainGroup.optional().describe('Only this group'),
  list: domainList.optional().describe('Only this list'),
  merchant_id: merchantId.optional().describe('Only mini programs of this merchant'),
  ...pageQuery,
};

export const changeGroup = z
  .strictObject({
    group: domainGroup,
    list: domainList,
    added: z.array(z.string()).describe('Domains that are new in the list, in normal form'),
    removed: z.array(z.string()).describe('Domains that are no longer in the list, in normal form'),
    mini_programs: count('Number of mini programs with this change'),
    first_observed_at: moment('First observation of this change in the requested period'),
    last_observed_at: moment('Last observation of this change in the requested period'),
    sample_authorizer_appids: z.array(authorizerAppid).describe('Up to 5 of the mini programs, the latest first'),
  })
  .meta({ id: 'ChangeGroup', description: 'The same change of one list, observed of one or more mini programs' });
export type ChangeGroupView = z.infer<typeof changeGroup>;
export const changeGroupPage = pageSchema(changeGroup, 'Groups, the latest observed first').meta({
  id: 'ChangeGroupPage',
});

export const spreadQuery = {
  domain: domainName,
  list: domainList,
  group: domainGroup.default('effective_domain').describe('The group that must have it'),
  from: momentInput('Start; absent: 30 days before `to`').optional(),
  to: momentInput('End; absent: now').optional(),
  points: queryInteger('Moments at equal distances from `from` to `to`, both included', 2, 200)
    .default(31)
    .meta({
      description: 'Moments at equal distances from `from` to `to`, both included',
      wire: { type: 'integer', minimum: 2, maximum: 200, default: 31 },
    }),
};

export const domainSpread = z
  .strictObject({
    domain: z.string().describe('The domain in normal form, with the scheme of the list where none was given'),
    list: domainList,
    group: domainGroup,
    points: z
      .array(
        z.strictObject({
          at: moment('The moment'),
          covered: count('Mini programs that had the domain in the group by their latest observation up to the moment'),
          missing: count('Mini programs that had been observed up to the moment and did not have it'),
        }),
      )
      .describe('Oldest first'),
  })
  .meta({ id: 'DomainSpread', description: "How many of today's mini programs had a domain, over time" });
export type DomainSpreadView = z.infer<typeof domainSpread>;
