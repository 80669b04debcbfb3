import type { Schemas, WxfleetClient } from './client.ts';
import { WxfleetError } from './problem.ts';

export type WxfleetEvent = Schemas['Event'];

export interface EventsOptions {
  componentAppid: string;
  /** Id of the last event that was seen; absent: from the oldest that is kept. */
  after?: string | undefined;
  /** Types, or `domains.*` for all of a kind. */
  types?: readonly string[] | undefined;
  authorizerAppid?: string | undefined;
  merchantId?: string | undefined;
  /** Ends the iteration. */
  signal?: AbortSignal | undefined;
  /** Called when a position has been reached, also over events that the filter leaves out: keep it, and begin after it. */
  onPosition?: (lastEventId: string) => void;
}

/** Seconds that one request waits; below the deadline of a call. */
const WAIT = 'PT10S';
const PAUSE_MS = 2000;
/** What a pause may help against. */
const TRANSIENT = new Set(['network', 'unavailable', 'rate_limited', 'internal', 'request_timeout']);

/**
 * Events as they come, each once and in order, for ever: `for await (const event of events(client, { componentAppid, after }))`.
 * Goes on by itself when the hub is away for a while.
 * @throws WxfleetError `cursor_expired` when events after `after` are no longer kept, and what else a pause does not help against
 */
export async function* events(client: WxfleetClient, options: EventsOptions): AsyncGenerator<WxfleetEvent, void> {
  let { after } = options;
  while (!options.signal?.aborted) {
    let page: Schemas['EventPage'];
    try {
      const { data } = await client.GET('/v1/platforms/{component_appid}/events', {
        params: {
          path: { component_appid: options.componentAppid },
          query: {
            wait: WAIT,
            limit: 500,
            ...(after === undefined ? {} : { after }),
            ...(options.types ? { type: options.types.join(',') } : {}),
            ...(options.authorizerAppid === undefined ? {} : { authorizer_appid: options.authorizerAppid }),
            ...(options.merchantId === undefined ? {} : { merchant_id: options.merchantId }),
          },
        },
        ...(options.signal ? { signal: options.signal } : {}),
      });
      page = data as Schemas['EventPage'];
    } catch (error) {
      if (options.signal?.aborted) return;
      if (!(error instanceof WxfleetError) || !TRANSIENT.has(error.code)) throw error;
      await pause((error.retryAfterSeconds ?? 0) * 1000 || PAUSE_MS, options.signal);
      continue;
    }
    yield* page.items;
    after = page.last_event_id;
    options.onPosition?.(after);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
