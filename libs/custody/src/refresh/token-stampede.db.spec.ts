import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PATH, Stage } from '../../test/stage.ts';

describe('a stampede on one cold merchant', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });

  afterEach(() => stage.close());

  // npm's easywechat SDKs made 200 upstream calls for 200 cold callers; WeChat's own tool failed 122 of them.
  it.each([
    [200, 2],
    [1000, 4],
  ])('of %i callers over %i processes costs one call and fails nobody', async (callers, count) => {
    const [appid] = await stage.authorize(1);
    const processes = await Promise.all(Array.from({ length: count }, () => stage.process()));
    stage.world.latencyMs = 400;

    const leases = await Promise.all(
      Array.from({ length: callers }, (_, index) =>
        processes[index % count]!.authorizerTokens.lease(stage.platform, appid!),
      ),
    );

    expect(new Set(leases.map((lease) => lease.token.reveal())).size).toBe(1);
    expect(stage.world.log.total(PATH.authorizerToken)).toBe(1);
    expect(stage.world.log.total(PATH.componentToken)).toBe(1);
    expect(leases.every((lease) => lease.expiresInSeconds > 7100)).toBe(true);
    stage.world.latencyMs = 0;
    expect(await stage.works(leases[0]!.token)).toBe(true);
  });
});
