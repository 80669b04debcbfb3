import { type SimulatorProcess, callsOf } from '../stage.ts';
import type { RefreshCall } from './evidence.ts';

interface CallRecord {
  seq: number;
  at: number;
  authorizerAppid: string;
  via: string;
  errcode: number | null;
  fault: string | null;
  ms: number;
}

export const REFRESH = '/cgi-bin/component/api_authorizer_token';

const COLLECT_MS = 1000;

/** Collects every refresh from the simulator's log, which keeps only the last calls of all kinds: some thousand a second. */
export class RefreshLog {
  readonly calls: RefreshCall[] = [];
  private seen = 0;
  private collecting: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly simulator: SimulatorProcess) {}

  /** A round may take a minute, in which the log is overwritten more than once. */
  start(): void {
    this.timer = setInterval(() => void this.collect().catch(() => undefined), COLLECT_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  collect(): Promise<void> {
    this.collecting = this.collecting.catch(() => undefined).then(() => this.read());
    return this.collecting;
  }

  /** Without all calls nothing can be said about any. @throws when the log has lost some before they were collected */
  async assertComplete(): Promise<void> {
    await this.collect();
    const made = (await callsOf(this.simulator)).get(REFRESH) ?? 0;
    if (made > this.calls.length) {
      throw new Error(`the log of the simulated WeChat has lost ${made - this.calls.length} of ${made} refreshes`);
    }
  }

  private async read(): Promise<void> {
    const path = `/calls?path=${encodeURIComponent(REFRESH)}&limit=5000`;
    for (const call of await this.simulator.control<CallRecord[]>('GET', path)) {
      if (call.seq <= this.seen) continue;
      this.seen = call.seq;
      this.calls.push({
        seq: call.seq,
        appid: call.authorizerAppid,
        hub: call.via,
        startedAt: call.at - call.ms,
        endedAt: call.at,
        succeeded: call.errcode === 0 || call.fault === 'replyLostAfterEffect',
        fault: call.fault,
      });
    }
  }
}
