import { z } from 'zod';
import { apiIpKind } from './api-ips.ts';
import { domainChange, domainGroup, domainList } from './domain-history.ts';
import { errorCodes, type ErrorCode } from './error-codes.ts';
import { moment } from './fields.ts';

/**
 * Every type of event and what its data holds. The data has no place for a token, an authorization code, a ticket, an openid
 * or WeChat's `errmsg` (which may quote an address): what is not described here is dropped when an event is written.
 */

/** Cut rather than refused: an event is written in the transaction of its fact, which must not fail for a long name. */
const text = (description: string, max: number) =>
  z
    .string()
    .overwrite((value) => value.slice(0, max))
    .describe(description);
const list = <Item extends z.ZodType>(item: Item, max: number, description: string) =>
  z
    .array(item)
    .overwrite((items) => items.slice(0, max))
    .describe(description);
const id = (description: string) => text(description, 128);
const count = (description: string) => z.number().int().min(0).describe(description);
const failureCode = z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).describe('Stable code, as in a problem document');

const wechat = z
  .object({
    errcode: z.number().int().describe("WeChat's errcode"),
    rid: text("WeChat's request id", 128).nullable().describe("WeChat's request id, for its support"),
  })
  .describe('What WeChat said; null when it said nothing readable')
  .nullable();

const permissionSets = (description: string) => list(z.number().int(), 1000, description);
const authorization = z.object({
  permission_sets: permissionSets('Permission sets now'),
  previous_permission_sets: permissionSets('Permission sets before'),
  by: z.enum(['push', 'redirect', 'reconciliation']).describe('How it became known'),
});
const permissionSet = z.object({
  permission_set_id: z.number().int().describe('The permission set'),
  still_granted: permissionSets('Permission sets that are granted now'),
});
const ticket = z.object({
  last_received_at: moment('When the last ticket was received').nullable(),
  expires_at: moment('When that ticket expires').nullable(),
});
const failing = z.object({ code: failureCode, wechat, since: moment('First failure in a row') });
const working = z.object({ since: moment('First failure of the series that has ended') });
const tags = (description: string) => list(text('A tag', 64), 100, description);
const snapshotId = id('Id of the snapshot');
const changes = list(domainChange, 100, 'What changed, by group and list; at most 100 domains in all');
const truncated = z.boolean().describe('Whether there is more than is listed: the snapshot has it all');
const domains = (description: string) => list(text('A domain', 512), 100, description);
const pending = list(
  z.object({ list: domainList, domains: domains('Domains') }),
  100,
  'Domains that are configured but not effective, by list',
);
const audit = z.object({
  version: text('Version', 64).nullable().describe('Version, where known'),
  release_time: moment('When it was released, where known').nullable(),
});
const ips = (description: string) => list(text('Address or range', 64), 1000, description);
const apiIps = z.object({
  kind: apiIpKind,
  added: ips('Addresses that are new'),
  removed: ips('Addresses that are no longer in the list'),
  sync_token: text('Changes exactly when the list changes', 128),
});
const quota = z.object({
  path: text('Path of the API', 256),
  until: moment('When calls resume').nullable(),
});
const nothing = z.object({});

export const EVENT_DATA = {
  'platform.ready': nothing,
  'platform.misconfigured': z.object({ code: failureCode, wechat }),
  'ticket.stale': ticket,
  'ticket.recovered': ticket,
  'authorization.granted': authorization,
  'authorization.updated': authorization,
  'authorization.revoked': authorization,
  'permission_set.granted': permissionSet,
  'permission_set.lost': permissionSet,
  'token.reauthorization_required': z.object({
    errcode: z.number().int().nullable().describe("WeChat's errcode, where it said one"),
    since: moment('Since when'),
  }),
  'token.recovered': z.object({ since: moment('Since when a new authorization had been required').nullable() }),
  'authorizer.assigned': z.object({
    from: id('Merchant').nullable().describe('The merchant before; null: none'),
    to: id('Merchant').nullable().describe('The merchant now; null: none'),
  }),
  'authorizer.tagged': z.object({ from: tags('Tags before'), to: tags('Tags now') }),
  'domains.first_seen': z.object({
    snapshot_id: snapshotId,
    groups: list(text('A group', 32), 20, 'Groups that WeChat sent'),
  }),
  'domains.changed': z.object({
    snapshot_id: snapshotId,
    changes,
    truncated,
    groups: list(text('A group', 32), 20, 'Groups that changed'),
  }),
  'domains.effective': z.object({
    snapshot_id: snapshotId,
    changes,
    truncated,
    release: z
      .object({ version: text('Version', 64).nullable().describe('Version, where known'), at: moment('When') })
      .nullable()
      .describe('The release that the change came with, where it is known'),
  }),
  'domains.drift_started': z.object({ pending }),
  'domains.drift_ended': z.object({ pending: pending.describe('What had been pending') }),
  'domains.limit': z.object({
    limit: z
      .enum(['list_200', 'principals_100', 'edits_50'])
      .describe(
        '`list_200`: entries of one list. `principals_100`: principals that share a domain. `edits_50`: edits a month',
      ),
    group: domainGroup.nullable().describe('The group of the list, for `list_200`'),
    list: domainList.nullable().describe('The list, for `list_200`'),
    domain: text('The domain', 512).nullable().describe('The domain, for `principals_100`'),
    count: count('Count now'),
    level: z.union([z.literal(80), z.literal(95), z.literal(100)]).describe('Percentage of the limit that was crossed'),
  }),
  'snapshot.failed': failing,
  'snapshot.recovered': working,
  'platform_domains.changed': z.object({
    added: domains('Domains that are new in the list of the platform'),
    removed: domains('Domains that are no longer in it'),
    would_drop: count('Accounts that use a removed domain'),
  }),
  'release.detected': audit,
  'audit.passed': audit,
  'audit.refused': audit,
  'audit.delayed': audit,
  'api_ips.changed': apiIps,
  'api_ips.held': apiIps,
  'quota.parked': quota,
  'quota.released': quota,
  'sweep.finished': z.object({
    sweep_id: id('Id of the sweep'),
    state: z.enum(['done', 'failed']).describe('How it ended'),
    total: count('Mini programs'),
    changed: count('Mini programs with changed domains'),
    unchanged: count('Mini programs with unchanged domains'),
    skipped_permission: count('Mini programs without permission set 18'),
    failed: count('Mini programs that could not be read'),
  }),
  'reconciliation.finished': z.object({
    reconciliation_id: id('Id of the reconciliation'),
    state: z.enum(['done', 'stopped', 'failed']).describe('How it ended'),
    listed: count('Accounts that WeChat listed'),
    created: count('Accounts that were new'),
    recovered: count('Accounts with a recovered refresh token'),
    unchanged: count('Accounts without a change'),
    marked_unauthorized: count('Accounts that are not authorized any more'),
    without_refresh_token: count('Accounts without a refresh token'),
    failed: count('Accounts that failed'),
  }),
  'push.received': z.object({ info_type: text('InfoType or event of the push', 64), push_id: id('Id of the push') }),
  'webhook.disabled': z.object({
    endpoint_id: id('Id of the webhook endpoint'),
    reason: z
      .enum(['gone', 'failing'])
      .describe('`gone`: the receiver answered 410. `failing`: five days without a success'),
  }),
  'webhook.test': nothing,
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof EVENT_DATA;
export const eventTypes = Object.keys(EVENT_DATA) as readonly EventType[];
export type EventData = { [Type in EventType]: z.infer<(typeof EVENT_DATA)[Type]> };

export function isEventType(value: string): value is EventType {
  return Object.hasOwn(EVENT_DATA, value);
}

/** The first part of each type, as filters name them: `domains.*`. */
export const eventFamilies = [...new Set(eventTypes.map((type) => type.slice(0, type.indexOf('.'))))];
