import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { READ_FACTS, type Facts } from './checks.sql.ts';

describe('what the tables know about a platform', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('names each address that WeChat refuses once, however many accounts were refused', async () => {
    const { db } = test;
    const [platform] = await db.query<{ id: number }>(
      `INSERT INTO custody.component_account (component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
       VALUES ('wxrefused', 'Refused', '', '', '') RETURNING platform_id AS id`,
    );
    // As WeChat says it: with the number of the request.
    await db.run(
      `INSERT INTO custody.authorizer_token (platform_id, authorizer_appid, failures, last_failure)
       SELECT $1::int, 'wx' || no, 1, jsonb_build_object('wechat', jsonb_build_object('errcode', 61004, 'errmsg',
                format('access clientip is not registered requestIP: %s rid: %s-1-2', address, no)))
         FROM generate_series(1, 300) AS no, LATERAL (SELECT CASE no % 2 WHEN 0 THEN '203.0.113.9' ELSE '2001:db8::7' END) AS a (address)
        UNION ALL
       SELECT $1::int, 'wxother', 1, '{"wechat": {"errcode": 61004, "errmsg": "access clientip is not registered"}}'`,
      [platform?.id],
    );
    const [facts] = await db.query<Facts>(READ_FACTS, [platform?.id]);
    expect(facts?.addressRefusals?.sort()).toEqual(['requestIP: 2001:db8::7', 'requestIP: 203.0.113.9']);
  });
});
