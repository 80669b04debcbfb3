import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#libs/kernel';
import { cloneDatabase, testKernel, type TestDatabase } from '#libs/testing';
import { ComponentApi, WechatModule } from '#libs/wechat';
import { PATHS } from '#libs/wechat-wire';
import { COMPONENT, startScene, type Scene } from '../../../apps/simulator/test/scene.ts';
import { setBudget } from './budgets.ts';
import { CallQuota } from './call-quota.ts';
import { QuotaModule } from './quota.module.ts';

describe('QuotaModule', () => {
  let test: TestDatabase;
  let scene: Scene;
  let app: TestingModule;
  beforeEach(async () => {
    [test, scene] = await Promise.all([cloneDatabase(), startScene({ ticketIntervalSeconds: 0 })]);
    app = await Test.createTestingModule({
      imports: [testKernel(test, { env: { WECHAT_API_URL: scene.simulator.url } }), WechatModule, QuotaModule],
    }).compile();
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await scene.stop();
    await test.drop();
  });

  it('guards the transport of WechatModule, and writes what is counted when it stops', async () => {
    const [row] = await test.db.query<{ platform_id: number }>(
      `INSERT INTO custody.component_account (component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
       VALUES ($1, 'test', '', '', '') RETURNING platform_id`,
      [COMPONENT],
    );
    await setBudget(app.get(Database), row!.platform_id, PATHS.createPreauthCode, { perDay: 1, reserve: 0 });
    await app.get(CallQuota).pass();
    const token = await scene.componentToken();
    const ask = () =>
      app.get(ComponentApi).createPreauthCode({ componentAppid: COMPONENT, priority: 'interactive' }, token);
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'upstream_quota_exhausted' });
    const reader = await test.another();
    await app.close();
    expect(await reader.query('SELECT calls FROM quota.call_count WHERE path = $1', [PATHS.createPreauthCode])).toEqual(
      [{ calls: 1 }],
    );
  });
});
