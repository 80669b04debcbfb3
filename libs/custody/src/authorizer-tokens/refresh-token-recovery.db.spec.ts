import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { FakeClock, testLog } from '#libs/testing';
import { PATH, Stage } from '../../test/stage.ts';
import { RefreshTokenRecovery } from './refresh-token-recovery.ts';

jest.setTimeout(180_000);

/** More than 200 pages of WeChat's list. */
const ACCOUNTS = 100_600;
const appidOf = (index: number) => `wxr${String(index).padStart(15, '0')}`;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  for (let index = 0; index < ACCOUNTS; index += 1) {
    stage.world.addMiniProgram({ appid: appidOf(index) });
    stage.world.seedGrant(stage.componentAppid, appidOf(index));
  }
  // The details of an account name no token: the list has to be read.
  stage.world.quirks.detailsRefreshToken = 'missing';
}, 120_000);
afterAll(() => stage.close());

it('finds the token of an account beyond the first 100,000, and does not read a long list for each try', async () => {
  const clock = new FakeClock();
  const { api, componentTokens } = await stage.process();
  const recovery = new RefreshTokenRecovery(api, componentTokens, clock, testLog().log);
  const pages = () => stage.world.log.total(PATH.list);
  const last = appidOf(ACCOUNTS - 1);
  const found = await recovery.find(stage.platform, last, [], 'interactive');
  expect(found?.token.equals(stage.refreshToken(last))).toBe(true);
  expect(pages()).toBe(Math.ceil(ACCOUNTS / 500));
  const refused = [stage.refreshToken(appidOf(5))];
  for (let tries = 0; tries < 5; tries += 1) {
    clock.advance(60_000);
    await expect(recovery.find(stage.platform, appidOf(5), refused, 'interactive')).rejects.toMatchObject({
      code: 'upstream_busy',
      retryAfterSeconds: expect.any(Number),
    });
  }
  const other = await recovery.find(stage.platform, appidOf(6), [], 'interactive');
  expect(other?.token.equals(stage.refreshToken(appidOf(6)))).toBe(true);
  expect(pages()).toBe(Math.ceil(ACCOUNTS / 500));
  clock.advance(600_000);
  expect(await recovery.find(stage.platform, appidOf(5), refused, 'interactive')).toBeNull();
  expect(pages()).toBe(2 * Math.ceil(ACCOUNTS / 500));
});
