import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { get, type ApiError, type Schemas } from '../api.ts';
import { eventsTexts } from '../i18n/events.ts';
import { formatNumber, useTexts, type Translate } from '../i18n/index.ts';
import { usePlatform, useSession } from '../session.tsx';
import { ChangeLines, ProgramLink, Tag, type Tone } from './terms.tsx';
import { Time, localTime } from './time.tsx';

export type Event = Schemas['Event'];
/** The first part of the types of events. */
export const FAMILIES = [
  'domains',
  'authorization',
  'permission_set',
  'token',
  'ticket',
  'platform',
  'snapshot',
  'api_ips',
  'quota',
  'sweep',
] as const;

export interface EventWindow {
  /** Newest first. */
  items: Event[];
  /** Numbers that were looked at: after `after`, up to `until`. */
  after: number;
  until: number;
  oldest: number;
}
interface Filter {
  type?: string | undefined;
  authorizer_appid?: string | undefined;
}

const FEED = '/v1/platforms/{component_appid}/events';
/** A type of which there is next to none, so that a question about it finds the end of the feed. */
const RARE = 'webhook.test';
const WIDTH = 400;
/** One request looks at this many numbers at most. */
const STRETCH = 20_000;

/** The newest number of the feed. The feed itself is read from old to new. */
async function headOf(component_appid: string, from: number, signal: AbortSignal): Promise<number> {
  let at = from;
  for (;;) {
    const page = await get(
      FEED,
      { path: { component_appid }, query: { after: String(at), type: RARE, limit: 1 } },
      signal,
    );
    const last = Number(page.last_event_id);
    if (last < at + STRETCH && page.items.length === 0) return Math.max(last, at);
    at = last;
  }
}

/** The latest events that match, newest first; widens its window until there are some or all have been looked at. */
async function readWindow(
  component_appid: string,
  filter: Filter,
  before: number | undefined,
  wanted: number,
  signal: AbortSignal,
): Promise<EventWindow> {
  const first = await get(FEED, { path: { component_appid }, query: { limit: 1 } }, signal);
  const oldest = Number(first.items[0]?.id ?? 1);
  const until = before ?? (await headOf(component_appid, Math.max(0, oldest - 1), signal));
  const filtered = filter.type !== undefined || filter.authorizer_appid !== undefined;
  let after = until;
  let width = filtered ? STRETCH / 4 : WIDTH;
  const items: Event[] = [];
  while (items.length < wanted && after >= oldest) {
    const top = after;
    after = Math.max(oldest - 1, top - width);
    const found: Event[] = [];
    let at = after;
    while (at < top) {
      const page = await get(
        FEED,
        { path: { component_appid }, query: { ...filter, after: String(at), limit: 500 } },
        signal,
      );
      found.push(...page.items.filter(({ id }) => Number(id) <= top));
      const last = Number(page.last_event_id);
      if (last <= at) break;
      at = last;
    }
    items.push(...found.reverse());
    if (after <= oldest - 1) break;
    width = Math.min(STRETCH, width * 2);
  }
  // A busy stretch may give many more than anybody reads at once; the next page begins where these end.
  const shown = items.slice(0, wanted);
  const last = shown.at(-1);
  if (shown.length < items.length && last) after = Number(last.id) - 1;
  return { items: shown, after, until, oldest };
}

export function useEvents(
  filter: Filter,
  { before, wanted = 50, every = 10_000 }: { before?: number | undefined; wanted?: number; every?: number } = {},
): UseQueryResult<EventWindow, ApiError> {
  const platform = usePlatform();
  const { may } = useSession();
  return useQuery<EventWindow, ApiError>({
    queryKey: [FEED, platform, filter, before ?? null, wanted],
    queryFn: ({ signal }) => readWindow(platform, filter, before, wanted, signal),
    enabled: may('events:read'),
    refetchInterval: before === undefined ? every : false,
  });
}

const TONES: Readonly<Record<string, Tone>> = {
  'platform.misconfigured': 'bad',
  'ticket.stale': 'bad',
  'authorization.revoked': 'warn',
  'permission_set.lost': 'bad',
  'token.reauthorization_required': 'bad',
  'snapshot.failed': 'bad',
  'quota.parked': 'bad',
  'audit.refused': 'bad',
  'domains.limit': 'warn',
  'domains.drift_started': 'warn',
  'api_ips.held': 'warn',
  'authorization.granted': 'good',
  'permission_set.granted': 'good',
  'platform.ready': 'good',
  'ticket.recovered': 'good',
  'token.recovered': 'good',
  'snapshot.recovered': 'good',
  'quota.released': 'good',
  'audit.passed': 'good',
};

export function EventItem({ event, withAccount = true }: { event: Event; withAccount?: boolean }): ReactNode {
  const t = useTexts(eventsTexts);
  const data = event.data as Record<string, unknown>;
  const title =
    event.type in eventsTexts
      ? t(event.type as keyof typeof eventsTexts, {
          id: typeof data.permission_set_id === 'number' ? String(data.permission_set_id) : '',
        })
      : event.type;
  return (
    <li>
      <div className="row between">
        <span className="row">
          <Tag tone={TONES[event.type] ?? ''} title={event.type}>
            {title}
          </Tag>
          {withAccount && event.authorizer_appid !== null && <ProgramLink appid={event.authorizer_appid} />}
        </span>
        <span className="small muted">
          <Time at={event.occurred_at} seconds /> <code>#{event.id}</code>
        </span>
      </div>
      <Detail data={data} />
    </li>
  );
}

/** What is said by the title or by other lines of an event. */
const SAID = new Set([
  'permission_set_id',
  'truncated',
  'previous_permission_sets',
  'snapshot_id',
  'push_id',
  'sync_token',
  'changes',
  'pending',
]);

function Detail({ data }: { data: Record<string, unknown> }): ReactNode {
  const t = useTexts(eventsTexts);
  const { changes, pending } = data;
  const shown = Object.entries(data).filter(([name, value]) => value !== null && value !== '' && !SAID.has(name));
  return (
    <>
      {Array.isArray(changes) && <ChangeLines changes={(changes as Schemas['DomainChange'][]).slice(0, 8)} />}
      {Array.isArray(pending) && (
        <span className="small dom">
          {(pending as { domains: string[] }[]).flatMap(({ domains }) => domains).join('  ')}
        </span>
      )}
      {shown.length > 0 && (
        <span className="small muted break">
          {shown.map(([name, value]) => `${fieldName(name, t)} ${fieldValue(value)}`).join(' · ')}
        </span>
      )}
    </>
  );
}

/** The name of a field in words; one that is not known here as it is. */
function fieldName(name: string, t: Translate<typeof eventsTexts>): string {
  const key = `field.${name}`;
  return key in eventsTexts ? t(key as keyof typeof eventsTexts) : name;
}

function fieldValue(value: unknown): string {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? localTime(value) : value;
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(' ');
  return JSON.stringify(value);
}
