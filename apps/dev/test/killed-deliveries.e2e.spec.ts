import { afterEach, describe, expect, it } from '@jest/globals';
import { EventWriter } from '#libs/events';
import { Gate, Receiver, eventually } from '#libs/testing';
import { COMPONENT, ProcessWorld } from './processes.ts';

const EVENTS = 900;
const ACCOUNTS = 30;
const ANSWERED = 300;

describe('deliveries of a hub that is killed with a batch on its way', () => {
  let world: ProcessWorld | undefined;
  let receiver: Receiver | undefined;
  afterEach(async () => {
    await world?.stop();
    await receiver?.stop();
  });

  it('all arrive by another one, in the order of each account', async () => {
    world = await ProcessWorld.start();
    const env = { WEBHOOK_NETWORKS: '127.0.0.0/8' };
    const first = await world.hub(env);
    await world.platform(first.url, first.rest);
    receiver = await Receiver.start();
    const gate = new Gate();
    const accepted: { appid: string; sequence: number; id: string }[] = [];
    receiver.answer = async ({ headers, body }, no) => {
      // From here on the requests of the process that is killed stand still, with results before them that are not written.
      if (no > ANSWERED) await gate.pass();
      const { authorizer_appid: appid, sequence } = JSON.parse(body) as Receiver['bodies'][0];
      accepted.push({ appid: appid as string, sequence, id: headers['webhook-id'] as string });
      return 200;
    };
    const { id } = await first.rest.post<{ id: string }>(`/v1/platforms/${COMPONENT}/webhook-endpoints`, {
      url: receiver.url,
      event_types: ['quota.*'],
    });
    const { db } = world.database;
    const [platform] = await db.query<{ id: number }>('SELECT platform_id AS id FROM custody.component_account');
    await db.transaction((sql) =>
      new EventWriter().write(
        sql,
        Array.from({ length: EVENTS }, (_, n) => ({
          platformId: platform?.id as number,
          type: 'quota.parked' as const,
          authorizerAppid: `wx-${n % ACCOUNTS}`,
          merchantId: null,
          data: { path: `/${n}`, until: null },
        })),
      ),
    );
    const held = receiver;
    await eventually('requests on their way', () => held.received.length > ANSWERED, 30_000);
    await first.program.ends('SIGKILL');
    const written = async (state: string) =>
      (await db.query(`SELECT 1 FROM events.delivery WHERE endpoint_id = $1 AND state = $2`, [id, state])).length;
    expect(held.received.length).toBeGreaterThan(await written('delivered'));
    held.answer = ({ headers, body }) => {
      const { authorizer_appid: appid, sequence } = JSON.parse(body) as Receiver['bodies'][0];
      accepted.push({ appid: appid as string, sequence, id: headers['webhook-id'] as string });
      return 200;
    };
    const before = accepted.length;
    await world.hub(env);
    // The killed one holds the endpoint until its lease ends.
    await eventually('all deliveries', async () => (await written('delivered')) === EVENTS, 90_000);
    expect(await written('pending')).toBe(0);

    const firsts = new Map<string, (typeof accepted)[0]>();
    for (const each of accepted) if (!firsts.has(each.id)) firsts.set(each.id, each);
    expect(firsts.size).toBe(EVENTS);
    for (let account = 0; account < ACCOUNTS; account += 1) {
      const of = ({ appid }: { appid: string }) => appid === `wx-${account}`;
      const inOrder = (list: { sequence: number }[]) =>
        list.every((each, n) => n === 0 || each.sequence > (list[n - 1]?.sequence ?? 0));
      expect({ account, inOrder: inOrder([...firsts.values()].filter(of)) }).toEqual({ account, inOrder: true });
      // What the second one sent again, it sent in order too.
      expect({ account, inOrder: inOrder(accepted.slice(before).filter(of)) }).toEqual({ account, inOrder: true });
    }
  }, 180_000);
});
