import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { bytesRead, sever, writeTogether } from './pg-internals.ts';

describe('what is reached inside of node-postgres', () => {
  let test: TestDatabase;
  let client: pg.Client;
  beforeEach(async () => {
    test = await cloneDatabase();
    client = new pg.Client({ connectionString: test.url });
    client.on('error', () => undefined);
    await client.connect();
  });
  afterEach(async () => {
    await client.end().catch(() => undefined);
    await test.drop();
  });

  it('counts the bytes of answers', async () => {
    const before = bytesRead(client);
    await client.query("SELECT repeat('x', 10000)");
    expect(bytesRead(client) - before).toBeGreaterThan(10_000);
  });

  it('holds what is sent in one turn of the event loop together', async () => {
    const { stream } = client.connection as unknown as { stream: { writableCorked: number } };
    writeTogether(client);
    writeTogether(client);
    const answer = client.query('SELECT 1 AS one');
    expect(stream.writableCorked).toBe(1);
    expect((await answer).rows).toEqual([{ one: 1 }]);
    expect(stream.writableCorked).toBe(0);
  });

  it('cuts a connection that waits for an answer', async () => {
    const answer = client.query('SELECT pg_sleep(60)');
    const outcome = expect(answer).rejects.toThrow(/Connection terminated/);
    sever(client);
    await outcome;
  });
});
