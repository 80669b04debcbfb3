import { Metrics, Ticks, loadSettings, type Database } from '#libs/kernel';
import { testLog } from '#libs/testing';
import { EventSequencer } from '../src/feed/event-sequencer.ts';

const { settings } = loadSettings({});

export function testTicks(): Ticks {
  return new Ticks(settings, testLog().log);
}

export function testSequencer(db: Database): EventSequencer {
  return new EventSequencer(db, testLog().log, settings, testTicks(), new Metrics());
}
