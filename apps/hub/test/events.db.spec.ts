import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventView } from '#libs/contract';
import { EventWriter, type NewEvent } from '#libs/events';
import { Metrics } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { ADMIN_KEY } from './hub-world.ts';
import { TwoTenants, type Viewer } from './two-tenants.ts';

interface Page {
  items: EventView[];
  next_cursor: string;
  last_event_id: string;
}

/** A stream of server-sent events, read by hand. */
class Stream {
  text = '';
  ended = false;
  private readonly abort = new AbortController();

  static async open(url: string, key: string, headers: Record<string, string> = {}): Promise<Stream> {
    const stream = new Stream();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: stream.abort.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    stream.headers = response.headers;
    void stream.read(response);
    return stream;
  }

  headers = new Headers();

  get ids(): string[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1] as string);
  }

  get events(): EventView[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] as string) as EventView);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(response: Response): Promise<void> {
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
        this.text += Buffer.from(chunk).toString();
    } catch {
      // closed by this side
    }
    this.ended = true;
  }
}

describe('events over REST', () => {
  let tenants: TwoTenants;
  let alfa: Viewer;
  let alfaOne: Viewer;
  beforeAll(async () => {
    tenants = await TwoTenants.start();
    [alfa, alfaOne] = tenants.viewers as [Viewer, Viewer];
  }, 120_000);
  afterAll(() => tenants.stop());

  const list = (viewer: { key: string }, query = '', componentAppid = alfa.componentAppid) =>
    tenants.world.call<Page>('GET', `/v1/platforms/${componentAppid}/events${query}`, { key: viewer.key });
  const streamUrl = (query = '') =>
    `${tenants.world.hub.url}/v1/platforms/${alfa.componentAppid}/events/stream${query}`;
  const write = (...paths: string[]) =>
    new EventWriter().write(
      tenants.world.hub.db,
      paths.map((path): NewEvent => ({
        platformId: alfa.tenant.platformId as number,
        type: 'quota.parked',
        authorizerAppid: 'wx-alfa-one',
        data: { path, until: null },
      })),
    );
  const head = async () => (await list(alfa, '?limit=500')).body.last_event_id;

  it('gives pages from a position on, and a position that has moved over what the filter skips', async () => {
    const start = await head();
    await write('/a', '/b', '/c');
    await eventually('the events', async () => Number(await head()) === Number(start) + 3);
    const first = await list(alfa, `?after=${start}&limit=2`);
    expect(first.body.items.map(({ data }) => (data as { path: string }).path)).toEqual(['/a', '/b']);
    expect(first.body.last_event_id).toBe(String(Number(start) + 2));
    const other = await list(alfa, `?after=${start}&type=sweep.*,ticket.stale`);
    expect(other.body).toEqual({ items: [], next_cursor: await head(), last_event_id: await head() });
    const rest = await list(alfa, `?after=${first.body.last_event_id}&authorizer_appid=wx-alfa-one`);
    expect(rest.body.items).toHaveLength(1);
  });

  it('waits for an event, as long as it is asked to', async () => {
    const start = await head();
    const waiting = list(alfa, `?after=${start}&wait=PT50S`);
    await write('/later');
    expect((await waiting).body.items).toMatchObject([{ data: { path: '/later' }, merchant_id: 'm1' }]);
    expect((await list(alfa, `?after=${await head()}&wait=PT1S`)).body.items).toEqual([]);
  });

  it('shows nobody what is not theirs, by query and by stream', async () => {
    for (const viewer of tenants.viewers) {
      const { body, text } = await list(viewer, '?limit=500', viewer.componentAppid);
      expect(body.items.length).toBeGreaterThan(0);
      expect({ viewer: viewer.name, leaks: tenants.forbidden(viewer).filter((mark) => text.includes(mark)) }).toEqual({
        viewer: viewer.name,
        leaks: [],
      });
    }
    expect((await list(alfaOne, '?merchant_id=m2')).body.items).toEqual([]);
    expect((await list(alfaOne, '?authorizer_appid=wx-alfa-two')).body.items).toEqual([]);
    const stream = await Stream.open(streamUrl('?after=0'), alfaOne.key);
    const own = (await list(alfaOne, '?limit=500')).body.items;
    await eventually('all of them', () => stream.events.length >= own.length);
    expect(stream.events).toEqual(own);
    stream.close();
  });

  it('says which event is the oldest when a position has expired', async () => {
    const platformId = tenants.platformIds['wx-bravo-platform'];
    const bravo = tenants.viewers.find(({ name }) => name === 'bravo') as Viewer;
    const { body } = await list(bravo, '?limit=500', bravo.componentAppid);
    await tenants.world.db.run('UPDATE events.feed_head SET floor_seq = 1 WHERE platform_id = $1', [platformId]);
    await tenants.world.db.run('DELETE FROM events.event WHERE platform_id = $1 AND seq <= 1', [platformId]);
    const expired = await list(bravo, '?after=0', bravo.componentAppid);
    expect({ status: expired.status, ...expired.body }).toMatchObject({
      status: 410,
      code: 'cursor_expired',
      oldest_event_id: '2',
    });
    expect((await list(bravo, '?limit=500', bravo.componentAppid)).body.items).toEqual(body.items.slice(1));
    const url = streamUrl('?after=0').replace(alfa.componentAppid, bravo.componentAppid);
    await expect(Stream.open(url, bravo.key)).rejects.toThrow(/410.*cursor_expired/);
  });

  it('streams what comes, goes on where a reader was, and ends with the key', async () => {
    const key = await tenants.world.apiKey(alfa.componentAppid, { scopes: ['events:read'] });
    const start = await head();
    const first = await Stream.open(streamUrl(), key);
    expect(first.headers.get('content-type')).toContain('text/event-stream');
    expect(first.headers.get('x-accel-buffering')).toBe('no');
    await write('/1', '/2');
    await eventually('two', () => first.ids.length === 2);
    expect(first.ids).toEqual([1, 2].map((n) => String(Number(start) + n)));
    first.close();
    await write('/3');
    const second = await Stream.open(streamUrl(), key, { 'last-event-id': first.ids[1] as string });
    await eventually('the third', () => second.ids.length === 1);
    expect(second.events[0]).toMatchObject({ data: { path: '/3' } });
    const [{ id } = { id: '' }] = (
      await tenants.world.call<{ items: { id: string; prefix: string }[] }>(
        'GET',
        `/v1/platforms/${alfa.componentAppid}/api-keys`,
      )
    ).body.items.filter(({ prefix }) => key.startsWith(prefix));
    await tenants.world.call('DELETE', `/v1/platforms/${alfa.componentAppid}/api-keys/${id}`);
    await write('/4');
    await eventually('its end', () => second.ended);
    expect(second.text).not.toContain('/4');
  });

  it('opens ten streams of one key and no more', async () => {
    const key = await tenants.world.apiKey(alfa.componentAppid, { scopes: ['events:read'] });
    const streams = await Promise.all(Array.from({ length: 10 }, () => Stream.open(streamUrl(), key)));
    await expect(Stream.open(streamUrl(), key)).rejects.toThrow(/429.*rate_limited/);
    streams[0]?.close();
    const again = await eventually('room', () => Stream.open(streamUrl(), key).catch(() => null));
    for (const stream of [...streams, again]) stream.close();
  });

  it('ends streams and waiting requests when the hub stops', async () => {
    const hub = await tenants.world.addHub();
    const stream = await Stream.open(`${hub.url}/v1/platforms/${alfa.componentAppid}/events/stream`, ADMIN_KEY);
    const waiting = fetch(`${hub.url}/v1/platforms/${alfa.componentAppid}/events?after=${await head()}&wait=PT55S`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    await eventually('both', async () => /^wxfleet_event_readers 2$/m.test(await hub.get(Metrics).text()));
    const before = performance.now();
    await hub.stop();
    expect(performance.now() - before).toBeLessThan(20_000);
    await eventually('the end', () => stream.ended);
    expect((await waiting).status).toBe(200);
  });
});
