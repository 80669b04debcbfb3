import type { Metrics } from '#libs/kernel';
import type { CallOutcome } from '#libs/wechat';
import type { Park } from './parks.ts';

/** What Prometheus sees of the calls: by path, never by merchant. */
export class CallMetrics {
  private readonly calls;
  private readonly errcodes;
  private readonly seconds;
  private readonly refusals;
  private readonly instruments = new Map<string, () => void>();
  private readonly observers = new Map<string, (seconds: number) => void>();

  constructor(metrics: Metrics, standing: () => Iterable<Park>) {
    this.calls = metrics.counter('wxfleet_wechat_calls_total', 'Calls to WeChat by how they ended', [
      'path',
      'outcome',
    ]);
    this.errcodes = metrics.counter('wxfleet_wechat_errcodes_total', 'Error codes that WeChat answered with', [
      'path',
      'errcode',
    ]);
    this.seconds = metrics.histogram('wxfleet_wechat_call_seconds', 'Duration of calls to WeChat', ['path']);
    this.refusals = metrics.counter('wxfleet_wechat_calls_refused_total', 'Calls not made because of a quota', [
      'path',
      'reason',
    ]);
    metrics.gauge(
      'wxfleet_wechat_parked_paths',
      'Paths that wait because WeChat said so',
      ['path', 'holder', 'errcode'],
      (gauge) => {
        gauge.reset();
        for (const { path, authorizerAppid, errcode } of standing()) {
          gauge.inc({ path, holder: authorizerAppid === '' ? 'platform' : 'merchant', errcode });
        }
      },
    );
  }

  ended(path: string, outcome: CallOutcome): void {
    const key = `${path} ${outcome.kind}`;
    let count = this.instruments.get(key);
    if (!count) {
      const child = this.calls.labels({ path, outcome: outcome.kind });
      this.instruments.set(key, (count = () => child.inc()));
    }
    count();
    let observe = this.observers.get(path);
    if (!observe) {
      const child = this.seconds.labels({ path });
      this.observers.set(path, (observe = (seconds) => child.observe(seconds)));
    }
    observe(outcome.durationMs / 1000);
    if (outcome.kind === 'api_error') this.errcodes.inc({ path, errcode: outcome.errcode });
  }

  refused(path: string, reason: 'parked' | 'budget'): void {
    this.refusals.inc({ path, reason });
  }
}
