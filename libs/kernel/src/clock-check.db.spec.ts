import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { ClockCheck } from './clock-check.ts';
import { SystemClock } from './clock.ts';
import { Metrics } from './metrics/metrics.ts';

/** A machine whose clock is set wrong. */
class WrongClock extends SystemClock {
  constructor(private readonly errorMs: number) {
    super();
  }

  override wallMs(): number {
    return super.wallMs() + this.errorMs;
  }
}

const MINUTE = 60_000;
const DATE = (errorMs = 0) => new Date(Date.now() + errorMs).toUTCString();

describe('the comparison of clocks', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  function checkOf(hubErrorMs: number) {
    const { log, lines } = testLog();
    const metrics = new Metrics();
    return { check: new ClockCheck(new WrongClock(hubErrorMs), test.db, log, metrics), lines, metrics };
  }

  it.each([
    ['nothing is wrong', 0, 0, null],
    ['a few seconds are nothing', 4000, -4000, null],
    ['the hub is eleven minutes slow', -11 * MINUTE, 0, 'hub'],
    ['the hub is a day fast', 24 * 60 * MINUTE, 0, 'hub'],
    ['hub and database agree against WeChat', 0, 5 * MINUTE, 'hub_and_database'],
    ['all three differ', 5 * MINUTE, -5 * MINUTE, 'unclear'],
  ])('%s', async (_, hubErrorMs, wechatErrorMs, wrong) => {
    const { check } = checkOf(hubErrorMs);
    check.sawWechat(DATE(wechatErrorMs), 20);
    expect((await check.compare()).wrong).toBe(wrong);
  });

  it('blames the database when hub and WeChat agree', async () => {
    const { check } = checkOf(5 * MINUTE);
    // The same as a database five minutes slow.
    check.sawWechat(DATE(5 * MINUTE), 20);
    const found = await check.compare();
    expect(found.wrong).toBe('database');
    expect(found.databaseOffsetSeconds).toBeLessThan(-298);
    expect(found.databaseOffsetSeconds).toBeGreaterThan(-302);
  });

  it('says what it can without WeChat, and without a database', async () => {
    expect((await checkOf(5 * MINUTE).check.compare()).wrong).toBe('hub_or_database');
    const { check } = checkOf(5 * MINUTE);
    check.sawWechat(DATE(), 20);
    expect(check.current()).toMatchObject({ wrong: 'hub', databaseOffsetSeconds: null });
    check.sawWechat('no date', 20);
    expect(check.current().wrong).toBe('hub');
  });

  it('logs a change once, and shows the offsets as metrics', async () => {
    const { check, lines, metrics } = checkOf(-11 * MINUTE);
    await check.compare();
    check.sawWechat(DATE(), 20);
    await check.compare();
    await check.compare();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', event: 'clock.wrong', clock: 'hub_or_database' },
      { level: 'warn', event: 'clock.wrong', clock: 'hub' },
    ]);
    expect(await metrics.text()).toMatch(/wxfleet_clock_offset_seconds\{clock="database"\} 6\d\d/);
    expect(await metrics.text()).toMatch(/wxfleet_clock_offset_seconds\{clock="wechat"\} 6\d\d/);
  });
});
