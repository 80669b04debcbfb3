import { type Exception, accountFor, grouped } from './account.ts';
import type { Evidence, TokenWrite } from './evidence.ts';
import { type Misgiving, misgivings } from './handouts.ts';
import { storyOf } from './story.ts';

export interface Verdict {
  /** Refreshes beyond one per expiry, each with its account. */
  exceptions: Exception[];
  /** Tokens handed out that should not have been, each with its account. */
  misgivings: Misgiving[];
  /** What must not have happened; empty when the soak has passed. */
  violations: string[];
}

/** What the evidence of a soak says about the promises of custody. */
export function judge(evidence: Evidence): Verdict {
  const exceptions = accountFor(evidence);
  const doubts = misgivings(evidence);
  const { handouts } = evidence;
  return {
    exceptions,
    misgivings: doubts,
    violations: [
      ...evidence.unserved.map((appid) => `lost: ${appid} got no token when all was calm again`),
      ...evidence.unusable.map(({ appid, state }) => `lost: ${appid} is ${state} in the end`),
      ...evidence.exits.map(({ hub, at, how }) => `ended by itself: ${hub} at ${time(at)}: ${how}`),
      ...rowViolations(evidence.writes),
      ...strangers(evidence),
      ...handouts
        .filter(({ expiresInSeconds, expiresAt, answeredAt }) => expiresInSeconds <= 0 || expiresAt <= answeredAt)
        .map(({ appid, hub, answeredAt }) => `expired token handed out: ${appid} by ${hub} at ${time(answeredAt)}`),
      ...doubts
        .filter(({ causes }) => causes.length === 0)
        .map(
          ({ kind, appid, hub, at, what }) => `${kind} token handed out: ${appid} by ${hub} at ${time(at)}: ${what}`,
        ),
      ...exceptions
        .filter(({ causes }) => causes.length === 0)
        .map(
          ({ appid, expiredAt, refreshes, calls, lastAt }) =>
            `unexplained: ${appid}, ${expiredAt === null ? 'never expired' : `expired at ${time(expiredAt)}`}, refreshed ${refreshes} times: ${calls}` +
            storyOf(appid, expiredAt ?? evidence.startedAt, lastAt, evidence)
              .map((line) => `\n    ${line}`)
              .join(''),
        ),
    ],
  };
}

/** A refresh token that is gone, an account given up, or a later token that an earlier one has replaced. */
function rowViolations(writes: readonly TokenWrite[]): string[] {
  const violations: string[] = [];
  for (const [appid, list] of grouped(writes)) {
    let last: { serial: number; generation: number } | null = null;
    for (const { at, serial, generation, state, hasRefreshToken } of list) {
      if (!hasRefreshToken) violations.push(`refresh token blanked: ${appid} at ${time(at)}`);
      if (state === 'lost') violations.push(`given up as lost: ${appid} at ${time(at)}`);
      if (serial === null) continue;
      if (last && (serial < last.serial || generation < last.generation))
        violations.push(
          `stale overwrite: ${appid}, token ${last.serial} of generation ${last.generation} was followed by token ${serial} of generation ${generation}`,
        );
      last = { serial, generation };
    }
  }
  return violations;
}

/** Tokens handed out that no commit has ever put into a row. */
function strangers({ handouts, writes }: Evidence): string[] {
  const known = new Set(writes.map(({ appid, serial }) => `${appid}:${serial}`));
  return handouts
    .filter(({ appid, serial }) => !known.has(`${appid}:${serial}`))
    .map(({ appid, serial, hub }) => `token handed out that was never committed: ${appid}, token ${serial}, by ${hub}`);
}

export function time(at: number): string {
  return new Date(at).toISOString();
}
