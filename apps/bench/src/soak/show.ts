import { report } from '../report.ts';
import { STARVED } from './evidence.ts';
import { NEWS_MS } from './handouts.ts';
import type { SoakOptions, SoakResult } from './soak.ts';
import { type Verdict, time } from './verdict.ts';

/** Prints the account of every exception, and the result. */
export function showSoak({ seed, hubs, merchants }: SoakOptions, result: SoakResult, verdict: Verdict): void {
  const { evidence, faults, refused } = result;
  const lines = [
    ...verdict.exceptions.map(
      ({ appid, expiredAt, refreshes, calls, causes }) =>
        `${expiredAt === null ? 'before any expiry' : time(expiredAt)} ${appid}: ${refreshes} refreshes (${calls}); ${because(causes)}`,
    ),
    ...verdict.misgivings.map(
      ({ kind, appid, hub, at, what, causes }) => `${time(at)} ${appid}: ${kind}, ${hub}: ${what}; ${because(causes)}`,
    ),
    ...verdict.violations.map((violation) => `VIOLATION ${violation}`),
  ];
  for (const line of lines) process.stdout.write(`  ${line}\n`);
  const explained = (list: { causes: string[] }[]) => list.filter(({ causes }) => causes.length > 0).length;
  report('soak', {
    seed,
    hubs,
    merchants,
    rounds: result.rounds,
    ...Object.fromEntries(Object.entries(faults).map(([name, count]) => [`fault_${name.replace(/\W+/g, '_')}`, count])),
    tokens_handed_out: evidence.handouts.length,
    refused: Object.entries(refused)
      .map(([code, count]) => `${code} ${count}`)
      .join(', '),
    expiries: evidence.expiries.length,
    seconds_without_processor: Math.round(
      evidence.disturbances.filter(({ kind }) => kind === STARVED).reduce((sum, { from, to }) => sum + to - from, 0) /
        1000,
    ),
    successful_refreshes: evidence.calls.filter((call) => call.succeeded).length,
    writes_of_token_rows: evidence.writes.length,
    refreshes_beyond_one_explained: explained(verdict.exceptions),
    [`tokens_handed_out_${NEWS_MS}_ms_late_explained`]: explained(
      verdict.misgivings.filter(({ kind }) => kind === 'late'),
    ),
    dead_tokens_explained: explained(verdict.misgivings.filter(({ kind }) => kind === 'dead')),
    violations: verdict.violations.length,
  });
}

function because(causes: string[]): string {
  return causes.join(', ') || 'NOT EXPLAINED';
}
