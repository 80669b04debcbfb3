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
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';

const CSV = { 'text/csv': 'Everything that matches from the cursor on, streamed; `limit` does not apply' };
const OF_WHOM = 'Of mini programs in state `authorized`, within the merchants of the key.';

/** Questions about the domains of all mini programs of a platform at once. */
export const fleetRoutes = {
  getDomainCoverage: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-coverage',
    tag: 'Fleet questions',
    summary: 'Who has a domain, waits for it, lacks it, or is not known',
    description:
      `${OF_WHOM} With \`group=effective_domain\`, \`pending\` is configured anywhere and not in force, \`missing\` is neither. With ` +
      'another group, `pending` is not in it, yet configured in a third one and not in force; what is in force without being in the ' +
      'group is `missing` from it. A domain without scheme is found as it stands and with the scheme of the list. ' +
      'A page of one verdict may be shorter than its limit, even empty, with more behind its next_cursor.',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(coverageQuery).superRefine(fitsList),
    replies: { 200: { description: 'Counts of all, and one page', schema: coverageView, also: CSV } },
  }),
  listDomainDrift: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-drift',
    tag: 'Fleet questions',
    summary: 'Mini programs whose configured domains and domains in force differ',
    description: OF_WHOM,
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: driftPage } },
  }),
  listDomainChanges: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-changes',
    tag: 'Fleet questions',
    summary: 'What changed anywhere in the fleet, newest first',
    description:
      'The first snapshot of a mini program is no change. A sweep commits its answers by the page, so that a change may come to be ' +
      'seen seconds after its `observed_at`, and minutes where WeChat answers slowly, behind newer ones that were there before it. ' +
      'Who asks again and again misses none by asking `from` an hour before the latest `observed_at` so far and leaving out what is ' +
      'known: `snapshot_id`, `group` and `list` together name a change. A cursor goes on where it was, whatever comes meanwhile.',
    scope: 'domains:read',
    params: platformParams,
    query: z
      .strictObject(changesQuery)
      .refine((query) => query.from === undefined || query.to === undefined || query.from <= query.to, {
        path: ['to'],
        message: 'must not be before from',
      })
      .superRefine(fitsList),
    replies: { 200: { description: 'One page', schema: fleetChangePage, also: CSV } },
  }),
  getDomainGauges: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/domain-gauges',
    tag: 'Fleet questions',
    summary: "How near the fleet is to WeChat's limits",
    description: OF_WHOM,
    scope: 'domains:read',
    params: platformParams,
    replies: { 200: { description: 'The gauges', schema: domainGauges } },
  }),
  assertDomains: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/domain-assertions',
    tag: 'Fleet questions',
    summary: 'Whether mini programs are ready for a release',
    description:
      `${OF_WHOM} Each of \`authorizer_appids\` has an item, whatever it is. Items are of mini programs: one of \`merchant_ids\` that ` +
      'has none in that state, or that the key may not see, occurs in no item, so look for each of them. Send the same body with ' +
      'every `cursor`. `fetch_stale` also needs the scope `domains:snapshot`; what ' +
      'WeChat does not answer soon keeps the evidence it had.',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    body: domainAssertion,
    replies: { 200: { description: 'One page of verdicts', schema: assertionPage } },
  }),
} as const;
