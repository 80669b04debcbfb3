import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WechatModule } from '#libs/wechat';
import { cloneDatabase, testKernel, type TestDatabase } from '#libs/testing';
import { ApiIpLedgerModule } from './api-ip-ledger.module.ts';
import { ApiIps } from './api-ips.ts';

describe('ApiIpLedgerModule', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await cloneDatabase();
  });
  afterEach(() => test.drop());

  it('is built with the modules that it imports, and ticks without a platform', async () => {
    const app = await Test.createTestingModule({
      imports: [testKernel(test), WechatModule, ApiIpLedgerModule],
    }).compile();
    await app.init();
    const ips = app.get(ApiIps);
    expect(await ips.ensureFresh()).toEqual({ fetched: [], failed: [] });
    await expect(ips.current(test.db, 'callback')).rejects.toMatchObject({ code: 'not_found' });
    await app.close();
  });
});
