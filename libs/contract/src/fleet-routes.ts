import { z } from 'zod';
import { fitsList } from './domain-history.ts';
import { pageQuery } from './fields.ts';
import {
  assertionPage,
  changesQuery,
  coverageQuery,
  coverageView,
  domainAssertion,
  domainGauges,
  driftPage,
  fleetChangePage,
} from './fleet.ts';
import { changeGroupPage, changeGroupsQuery, domainSpread, platformOverview, spreadQuery } from './fleet-overview.ts';
import { platformParams } from './platform-routes.ts';
import { AS_OF, route } from './route.ts';

const CSV = { 'text/csv': 'All matching rows from the cursor on, streamed; `limit` is ignored' };
const SCOPE_NOTE = 'Covers mini programs in state `authorized`, limited to the merchants of the key.';

/** Queries over the domains of all mini programs of a platform. */
export const fleetRoutes = {
  getDomainCoverage: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-coverage',
    tag: 'Fleet queries',
    summary: 'Find which mini programs have a domain',
    description:
      `${SCOPE_NOTE} With \`group=effective_domain\`, \`pending\` means configured in any group but not effective, \`missing\` means ` +
      'neither. With another group, `pending` means not in that group, but configured in a different one and not effective; a domain ' +
      'that is effective without being in the group is `missing`. A domain without scheme matches with and without the scheme of the ' +
      'list. With `verdict`, a page may have fewer items than the limit, even none, while next_cursor is not null.',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(coverageQuery).superRefine(fitsList),
    replies: { 200: { description: 'Total counts and one page', schema: coverageView, also: CSV, headers: AS_OF } },
  }),
  listDomainDrift: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-drift',
    tag: 'Fleet queries',
    summary: 'List mini programs whose configured and effective domains differ',
    description: SCOPE_NOTE,
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: driftPage, headers: AS_OF } },
  }),
  listDomainChanges: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-changes',
    tag: 'Fleet queries',
    summary: 'List domain changes of the whole fleet, newest first',
    description:
      'The first snapshot of a mini program is not a change. Sweeps commit page by page, so a change may become visible seconds after ' +
      'its `observed_at` (minutes if WeChat responds slowly), behind newer changes. To poll without missing any, request `from` one hour ' +
      'before the latest `observed_at` and skip known changes: `snapshot_id`, `group` and `list` together identify a change. ' +
      'A cursor keeps its position when new changes arrive.',
    scope: 'domains:read',
    params: platformParams,
    query: z
      .strictObject(changesQuery)
      .refine(inOrder, { path: ['to'], message: 'must not be before from' })
      .superRefine(fitsList),
    replies: { 200: { description: 'One page', schema: fleetChangePage, also: CSV, headers: AS_OF } },
  }),
  getDomainGauges: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-gauges',
    tag: 'Fleet queries',
    summary: "Show how close the fleet is to WeChat's limits",
    description: SCOPE_NOTE,
    scope: 'domains:read',
    params: platformParams,
    replies: { 200: { description: 'The gauges', schema: domainGauges, headers: AS_OF } },
  }),
  getPlatformOverview: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/overview',
    tag: 'Fleet queries',
    summary: 'A platform in numbers',
    description: SCOPE_NOTE,
    scope: 'domains:read',
    params: platformParams,
    replies: { 200: { description: 'The numbers', schema: platformOverview, headers: AS_OF } },
  }),
  listDomainChangeGroups: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-change-groups',
    tag: 'Fleet queries',
    summary: 'What changed in the fleet, the same change of many told once',
    description: 'The first snapshot of a mini program is not a change. A cursor keeps the period of the first page.',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(changeGroupsQuery).refine(inOrder, { path: ['to'], message: 'must not be before from' }),
    replies: { 200: { description: 'One page', schema: changeGroupPage, headers: AS_OF } },
  }),
  getDomainSpread: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-spread',
    tag: 'Fleet queries',
    summary: 'How many mini programs had a domain, over time',
    description:
      `${SCOPE_NOTE} Every point counts the same mini programs: those known today. Each counts by its latest observation ` +
      "up to the moment, so that the last point is today's coverage.",
    scope: 'domains:read',
    params: platformParams,
    query: z
      .strictObject(spreadQuery)
      .refine((query) => query.from === undefined || query.to === undefined || query.from < query.to, {
        path: ['to'],
        message: 'must be after from',
      })
      .superRefine(fitsList),
    replies: { 200: { description: 'The points', schema: domainSpread, headers: AS_OF } },
  }),
  assertDomains: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/domain-assertions',
    tag: 'Fleet queries',
    summary: 'Check whether mini programs are ready for a release',
    description:
      `${SCOPE_NOTE} Each of \`authorizer_appids\` gets an item. A merchant of \`merchant_ids\` without visible mini programs in that state ` +
      'appears in no item, so check for each of them. Send the same body with every `cursor`. `fetch_stale` also requires the scope ' +
      '`domains:snapshot`; where WeChat does not respond in time, the existing observation is used.',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    body: domainAssertion,
    replies: { 200: { description: 'One page of verdicts', schema: assertionPage } },
  }),
} as const;

function inOrder(query: { from?: Date | undefined; to?: Date | undefined }): boolean {
  return query.from === undefined || query.to === undefined || query.from <= query.to;
}
