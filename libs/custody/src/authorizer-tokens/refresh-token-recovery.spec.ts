import { expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { FakeClock, testLog } from '#libs/testing';
import type { ComponentApi } from '#libs/wechat';
import type { ComponentTokens } from '../component-tokens/component-tokens.ts';
import { RefreshTokenRecovery } from './refresh-token-recovery.ts';

const platform = { platformId: 1, componentAppid: 'wxc' };

/** WeChat with `total` accounts, each listed with a refresh token of its own. */
function wechatWith(total: number) {
  let pages = 0;
  const api = {
    getAuthorizerInfo: async () => ({ refreshToken: null }),
    getAuthorizerList: async (
      _call: unknown,
      _token: unknown,
      { offset, count }: { offset: number; count: number },
    ) => {
      pages += 1;
      const length = Math.min(count, total - offset);
      const items = Array.from({ length }, (_, index) => ({
        authorizerAppid: `wx${offset + index}`,
        refreshToken: Secret.of(`refresh-${offset + index}`),
      }));
      return { items, totalCount: total };
    },
  } as unknown as ComponentApi;
  const tokens = {
    call: <T>(_platform: unknown, call: (token: Secret) => Promise<T>) => call(Secret.of('component')),
  } as unknown as ComponentTokens;
  return { api, tokens, pages: () => pages };
}

it('finds the token of an account beyond the first 100,000, and does not read a long list for each try', async () => {
  const clock = new FakeClock();
  const wechat = wechatWith(130_000);
  const recovery = new RefreshTokenRecovery(wechat.api, wechat.tokens, clock, testLog().log);
  const found = await recovery.find(platform, 'wx129999', [], 'interactive');
  expect(found?.reveal()).toBe('refresh-129999');
  expect(wechat.pages()).toBe(260);
  const refused = [Secret.of('refresh-5')];
  for (let tries = 0; tries < 5; tries += 1) {
    clock.advance(60_000);
    await expect(recovery.find(platform, 'wx5', refused, 'interactive')).rejects.toMatchObject({
      code: 'upstream_busy',
      retryAfterSeconds: expect.any(Number),
    });
  }
  expect((await recovery.find(platform, 'wx6', [], 'interactive'))?.reveal()).toBe('refresh-6');
  expect(wechat.pages()).toBe(260);
  clock.advance(600_000);
  expect(await recovery.find(platform, 'wx5', refused, 'interactive')).toBeNull();
  expect(wechat.pages()).toBe(520);
});
