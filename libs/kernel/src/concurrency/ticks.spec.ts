import { describe, expect, it } from '@jest/globals';
import { Gate, testLog } from '#libs/testing';
import { loadSettings } from '../settings/settings.ts';
import { Ticks } from './ticks.ts';

const worker = loadSettings({ ROLES: 'worker' }).settings;

describe('Ticks', () => {
  it('runs a name once at a time, and other names beside it', async () => {
    const ticks = new Ticks(worker, testLog().log);
    const gate = new Gate();
    let runs = 0;
    const slow = async () => {
      runs += 1;
      await gate.pass();
    };
    const first = ticks.run('slow', slow);
    const second = ticks.run('slow', slow);
    let other = 0;
    await ticks.run('other', async () => (other += 1));
    expect({ runs, other }).toEqual({ runs: 1, other: 1 });
    gate.release();
    await Promise.all([first, second]);
    await ticks.run('slow', slow);
    expect(runs).toBe(2);
  });

  it('does nothing without the worker role', async () => {
    const ticks = new Ticks(loadSettings({ ROLES: 'api' }).settings, testLog().log);
    let runs = 0;
    await ticks.run('work', async () => (runs += 1));
    expect(runs).toBe(0);
  });

  it('logs a failure with the name, and runs again', async () => {
    const { log, lines } = testLog();
    const ticks = new Ticks(worker, log);
    await ticks.run('fails', () => Promise.reject(new Error('no luck')));
    await ticks.run('throws', () => {
      throw new Error('at once');
    });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', event: 'schedule.tick_failed', tick: 'fails' }),
      expect.objectContaining({ level: 'warn', event: 'schedule.tick_failed', tick: 'throws' }),
    ]);
    let runs = 0;
    await ticks.run('fails', async () => (runs += 1));
    expect(runs).toBe(1);
  });

  it('stop aborts the signal, waits for what runs, and lets nothing start', async () => {
    const { log, lines } = testLog();
    const ticks = new Ticks(worker, log);
    const gate = new Gate();
    let ended = false;
    void ticks.run('work', async (signal) => {
      await gate.pass();
      ended = true;
      signal.throwIfAborted();
    });
    await gate.waiting;
    const stopped = ticks.stop().then(() => ended);
    gate.release();
    expect(await stopped).toBe(true);
    let runs = 0;
    await ticks.run('late', async () => (runs += 1));
    expect(runs).toBe(0);
    // To end because of a stop is no failure.
    expect(lines).toEqual([]);
  });
});
