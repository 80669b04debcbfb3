import { z } from 'zod';
import { DOMAIN_GROUPS, DOMAIN_LISTS } from '#libs/wechat-wire';
import { authorizerAppid, line, moment, pageSchema } from './fields.ts';

export { DOMAIN_GROUPS, DOMAIN_LISTS };

export const domainGroup = z
  .enum(DOMAIN_GROUPS)
  .describe(
    '`mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, ' +
      '`effective_domain` what WeChat enforces',
  );
export const domainList = z.enum(DOMAIN_LISTS).describe('Purpose of the domains');
export type DomainGroup = z.infer<typeof domainGroup>;
export type DomainList = z.infer<typeof domainList>;

/** The scheme that entries of a list carry (WeChat page 'modifyServerDomain'). */
export const LIST_SCHEMES: Readonly<Record<DomainList, string>> = {
  requestdomain: 'https://',
  wsrequestdomain: 'wss://',
  uploaddomain: 'https://',
  downloaddomain: 'https://',
  udpdomain: 'udp://',
  tcpdomain: 'tcp://',
};

/** Scheme and the rest; the scheme is missing where only a host was given. */
const SCHEME_AND_HOST = /^\s*(?:([a-z][a-z0-9+.-]*:\/\/))?(.*)$/is;

export const domainName = line(
  'A domain as WeChat writes it or in any equivalent spelling; the host alone is sufficient',
  512,
).refine((domain) => /^[^/?#\s]/.test(SCHEME_AND_HOST.exec(domain)?.[2] ?? ''), 'must name a host');

/** No list contains domains of another scheme, so such a query is refused rather than answered with `missing`. */
export function fitsList(
  { list, domain }: { list?: DomainList | undefined; domain?: string | undefined },
  context: z.RefinementCtx,
): void {
  const scheme = domain === undefined ? undefined : SCHEME_AND_HOST.exec(domain)?.[1]?.toLowerCase();
  if (list === undefined || scheme === undefined || scheme === LIST_SCHEMES[list]) return;
  context.addIssue({
    code: 'custom',
    path: ['domain'],
    message: `must begin with ${LIST_SCHEMES[list]} or with the host: the list is ${list}`,
  });
}

export const domainsView = z
  .partialRecord(domainGroup, z.partialRecord(domainList, z.array(z.string().describe('Domain as WeChat sent it'))))
  .meta({
    id: 'Domains',
    description:
      'Domains by group and list. Groups and lists that WeChat did not send are absent; empty lists are empty',
  });
export type DomainsView = z.infer<typeof domainsView>;

export const domainChange = z
  .strictObject({
    group: domainGroup,
    list: domainList,
    added: z.array(z.string()).describe('Domains added to the list'),
    removed: z.array(z.string()).describe('Domains removed from the list'),
  })
  .meta({ id: 'DomainChange', description: 'The changes of one list' });
export type DomainChangeView = z.infer<typeof domainChange>;

const unknownLists = z
  .array(z.strictObject({ group: domainGroup, list: domainList }))
  .describe(
    'Lists that WeChat sent as null or in a form that cannot be read: they are absent from `domains`, which does not mean that they are empty or were removed',
  );

export const snapshotView = z
  .strictObject({
    id: z.string().describe('Id of the snapshot'),
    authorizer_appid: authorizerAppid,
    first_observed_at: moment('First observation of these domains'),
    last_observed_at: moment('Latest observation of these domains'),
    observations: z.number().int().min(1).describe('Number of consecutive observations without change'),
    domains: domainsView,
    unknown_lists: unknownLists,
    changes: z.array(domainChange).describe('Differences from the previous snapshot; everything for the first one'),
  })
  .meta({ id: 'Snapshot', description: 'The domains of a mini program over a period without change' });
export type SnapshotView = z.infer<typeof snapshotView>;

export const snapshotPage = pageSchema(snapshotView, 'Snapshots, newest first').meta({ id: 'SnapshotPage' });

export const unknownReason = z
  .strictObject({
    code: z
      .enum([
        'never_observed',
        'permission_set_missing',
        'unauthorized',
        'reauthorization_required',
        'unreadable',
        'failing',
        'clock_was_wrong',
        'evidence_too_old',
      ])
      .describe(
        '`never_observed`: no observation until then. `permission_set_missing`: permission set 18 is not granted. `unauthorized` and ' +
          '`reauthorization_required`: the authorization has ended or its token is lost. `unreadable`: WeChat answered in a form that ' +
          'cannot be read. `failing`: calls fail. `clock_was_wrong`: the observations since had a wrong time. `evidence_too_old`: the ' +
          'latest observation is older than the `max_age` of the query',
      ),
    since: moment('Since when; null when that is not known').nullable(),
  })
  .meta({ id: 'UnknownReason', description: 'Why nothing is known' });
export type UnknownReason = z.infer<typeof unknownReason>;

export const certainty = z
  .enum(['observed', 'latest', 'between_observations', 'unknown'])
  .describe(
    '`observed`: the same before and after the moment. `latest`: the moment is after the latest observation, and no read has failed in between. `between_observations`: the domains may have changed around the moment. `unknown`: nothing is known about the moment, see `reason`',
  );
export type Certainty = z.infer<typeof certainty>;

export const domainsAtView = z
  .strictObject({
    at: moment('The requested moment'),
    certainty,
    reason: unknownReason.nullable().describe('Why the certainty is `unknown`; otherwise null'),
    observed_before: moment('Latest observation not after the moment').nullable(),
    observed_after: moment('First observation after the moment').nullable(),
    domains: domainsView
      .nullable()
      .describe('The domains of the latest observation before the moment; null if there is none'),
    unknown_lists: unknownLists,
  })
  .meta({ id: 'DomainsAt', description: 'The domains of a mini program at one moment' });
export type DomainsAtView = z.infer<typeof domainsAtView>;

export const domainDiffView = z
  .strictObject({
    from: moment('Earlier point in time'),
    to: moment('Later point in time'),
    changes: z.array(domainChange).describe('Differences; empty if there are none'),
  })
  .meta({ id: 'DomainDiff', description: 'Differences between two points in time' });
export type DomainDiffView = z.infer<typeof domainDiffView>;

export const lifespanView = z
  .strictObject({
    group: domainGroup,
    list: domainList,
    domain: z.string().describe('Domain as WeChat sent it'),
    first_observed_at: moment('First observation with it'),
    last_observed_at: moment('Last observation with it'),
    ended_at: moment('First observation without it').nullable(),
    present: z.boolean().describe('Whether the latest observation has it'),
  })
  .meta({ id: 'Lifespan', description: 'A period in which a domain was in a list' });
export type LifespanView = z.infer<typeof lifespanView>;

export const lifespanPage = pageSchema(lifespanView, 'Lifespans by group, list, domain and time').meta({
  id: 'LifespanPage',
});

export const observationTimes = z
  .strictObject({
    snapshot_id: z.string().describe('The snapshot that was observed'),
    first_observed_at: moment('First observation of this content'),
    last_observed_at: moment('Last observation of this content so far'),
    observations: z.number().int().min(1).describe('How often it was observed without change'),
    gaps: z
      .array(
        z.strictObject({
          from: moment('The observation before the gap'),
          to: moment('The observation after the gap'),
          reason: z.string().describe('Why nothing is known about this time'),
        }),
      )
      .describe('Times between two equal observations in which it may have been different'),
  })
  .meta({ id: 'ObservationTimes', description: 'When one content of a mini program was observed' });

export const observationsView = pageSchema(observationTimes, 'Snapshots, newest first')
  .extend({
    unknown: unknownReason
      .nullable()
      .describe('Why nothing is known now; null if the latest observation is still valid'),
  })
  .meta({ id: 'Observations', description: 'When a mini program was observed: what a timeline is drawn from' });
export type ObservationsView = z.infer<typeof observationsView>;

export const sweepView = z
  .strictObject({
    id: z.string().describe('Id of the sweep'),
    state: z.enum(['running', 'done', 'failed']).describe('State of the sweep'),
    reason: z
      .enum(['overtaken', 'clock_was_wrong'])
      .nullable()
      .describe(
        'Why it failed. `overtaken`: not finished when its mini programs were due again, by the next round. `clock_was_wrong`: the clock of the database was ahead when the round was opened. Null unless failed',
      ),
    total: z.number().int().describe('Total mini programs; an estimate while the sweep runs'),
    changed: z.number().int().describe('Mini programs with a new snapshot'),
    unchanged: z.number().int().describe('Mini programs without change'),
    skipped_permission: z.number().int().describe('Skipped, because permission set 18 is not granted'),
    failed: z.number().int().describe('Mini programs that could not be read'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'Sweep', description: 'One pass over the mini programs of a platform' });
export type SweepView = z.infer<typeof sweepView>;

export const sweepPage = pageSchema(sweepView, 'Sweeps, newest first').meta({ id: 'SweepPage' });
