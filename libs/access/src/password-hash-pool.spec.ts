import { describe, expect, it } from '@jest/globals';
import { Gate } from '#libs/testing';
import { PasswordHashPool, type HashingRequester } from './password-hash-pool.ts';

const change = (who: string): HashingRequester => ({ kind: 'change', who });
const login = (who: string): HashingRequester => ({ kind: 'login', who });
/** All that is ready to go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('work on passwords', () => {
  /** What has begun, in order; each goes on until its gate is opened. */
  function started() {
    const queue = new PasswordHashPool();
    const begun: string[] = [];
    const gates = new Map<string, Gate>();
    const refused: unknown[] = [];
    const ask = (of: HashingRequester, name: string) => {
      const gate = new Gate();
      gates.set(name, gate);
      queue
        .run(of, () => {
          begun.push(name);
          return gate.pass();
        })
        .catch((error: unknown) => refused.push(error));
    };
    const end = async (name: string) => {
      gates.get(name)?.release();
      await settled();
    };
    return { begun, refused, ask, end };
  }

  it('of a login does not wait for changes, however many there are', async () => {
    const { begun, ask } = started();
    for (const name of ['b1', 'b2', 'b3']) ask(change('b'), name);
    ask(login('192.0.2.1'), 'a');
    await settled();
    expect(begun).toEqual(['b1', 'a']);
  });

  it('of changes has a slot, however many log in', async () => {
    const { begun, ask, end } = started();
    for (const name of ['l1', 'l2', 'l3', 'l4']) ask(login(name), name);
    ask(change('b'), 'b1');
    await end('l1');
    expect(begun).toEqual(['l1', 'l2', 'b1']);
    await end('l2');
    expect(begun).toEqual(['l1', 'l2', 'b1', 'l3']);
    await end('b1');
    expect(begun).toEqual(['l1', 'l2', 'b1', 'l3', 'l4']);
  });

  it('is done for each tenant in turn, and for none beyond four that wait', async () => {
    const { begun, refused, ask, end } = started();
    for (const name of ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']) ask(change('b'), name);
    ask(change('c'), 'c1');
    await settled();
    expect(refused).toMatchObject([{ code: 'rate_limited', retryAfterSeconds: 1 }]);
    for (const name of ['b1', 'b2', 'c1', 'b3', 'b4', 'b5']) await end(name);
    expect(begun).toEqual(['b1', 'b2', 'c1', 'b3', 'b4', 'b5']);
    ask(change('b'), 'b7');
    await settled();
    expect(begun.at(-1)).toBe('b7');
  });

  it('bounds the logins that wait, of one address and of all', async () => {
    const { refused, ask } = started();
    for (let n = 0; n < 12; n += 1) ask(login('192.0.2.1'), `one ${n}`);
    await settled();
    expect(refused).toHaveLength(2);
    for (let n = 0; n < 60; n += 1) ask(login(`192.0.3.${n}`), `other ${n}`);
    await settled();
    expect(refused).toHaveLength(2 + 4);
    expect(refused.at(-1)).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 5 });
  });

  it('that fails makes room for the next', async () => {
    const queue = new PasswordHashPool();
    const failing = () => queue.run(change('b'), () => Promise.reject(new Error('no')));
    const all = await Promise.allSettled([failing(), failing(), failing(), queue.run(change('b'), async () => 'done')]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });
});
