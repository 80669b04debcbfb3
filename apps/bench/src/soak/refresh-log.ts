import type { SimulatorProcess } from '../stage.ts';
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

/** Collects every refresh from the simulator's log, which keeps only the last calls; ask often enough. */
export class RefreshLog {
  readonly calls: RefreshCall[] = [];
  private seen = 0;

  constructor(private readonly simulator: SimulatorProcess) {}

  async collect(): Promise<void> {
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
