import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cloneDatabase, testKernel, type TestDatabase } from '#libs/testing';
import { ApiIpApi } from './api-ip-api.ts';
import { ComponentApi } from './component-api.ts';
import { MiniProgramApi } from './mini-program-api.ts';
import { WechatTransport } from './transport.ts';
import { WechatModule } from './wechat.module.ts';

describe('WechatModule', () => {
  let test: TestDatabase;
  let app: TestingModule;
  beforeEach(async () => {
    test = await cloneDatabase();
    const kernel = testKernel(test, {
      env: { WECHAT_API_URL: 'http://127.0.0.1:9/base', WECHAT_MAX_CONCURRENCY: '3' },
    });
    app = await Test.createTestingModule({ imports: [kernel, WechatModule] }).compile();
  });
  afterEach(async () => {
    await app.close();
    await test.drop();
  });

  it('provides the three clients over one transport with the limits of the settings', async () => {
    expect(app.get(ComponentApi)).toBeInstanceOf(ComponentApi);
    expect(app.get(MiniProgramApi)).toBeInstanceOf(MiniProgramApi);
    expect(app.get(WechatTransport).lanes.slots).toBe(3);
    const asked = app.get(ApiIpApi).getCallbackIp({ componentAppid: 'wxc', priority: 'interactive' }, 'token');
    await expect(asked).rejects.toMatchObject({ code: 'wechat_transport_error', reason: 'connect' });
  });

  it('refuses calls after it has stopped', async () => {
    const api = app.get(ApiIpApi);
    await app.close();
    const asked = api.getCallbackIp({ componentAppid: 'wxc', priority: 'interactive' }, 'token');
    await expect(asked).rejects.toMatchObject({ reason: 'closed' });
  });
});
