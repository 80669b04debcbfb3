import { Inject, Injectable, Optional } from '@nestjs/common';
import type { ErrorCode } from '#libs/contract';
import { EventWriter, type NewEvent } from '#libs/events';
import { HOUR_MS, type Sql } from '#libs/kernel';
import { domainsOfChanges, editsReached, eventsOfChange, type ChangedSnapshot } from './domain-events.ts';
import { isEdit } from './monthly-edits.ts';
import { CountSteps } from './domain-counts.ts';
import { largestList } from '../lists/content-facts.ts';
import { digestsOf } from '../lists/digest.ts';
import { diffSlots } from '../lists/domain-diff.ts';
import { storeBodies, storeChangeSets, storeContents, type ContentInput } from '../lists/content-store.ts';
import { interruptRuns, keepObservationGaps } from './late-answers.ts';
import { normaliseEffectiveDomains, unknownLists, type NormalContent, type UnknownLists } from '../lists/normalise.ts';
import { parseBody } from '../lists/parse-body.ts';
import { keepUnreadable } from './unreadable-answers.ts';
import { setAsideFuture } from './set-aside.ts';
import {
  CLOCK_TOLERANCE_MS,
  driftSince,
  judge,
  type ObservationGap,
  type Judgement,
  type Observation,
  type Recorded,
} from './observation.ts';
import {
  extendCurrent,
  extendUnchanged,
  insertSnapshots,
  lockWatches,
  namesOfContents,
  namesOfDomains,
  slotsOfContents,
  type Unread,
  type WatchRow,
} from './watch-rows.ts';
import { LedgerOptions } from '../ledger-options.ts';

/** An observation that is more than a repetition of the same bytes. */
interface Judged {
  observation: Observation;
  watch: WatchRow;
  judgement: Judgement;
  input: ContentInput;
  unread: Unread;
}

/**
 * Writes the history. Batches of any size go in a handful of statements; give a transaction, because a batch is one
 * fact. Rows of mini programs are locked in the order of their ids.
 */
@Injectable()
export class DomainLedger {
  private readonly silenceMs: number;

  /**
   * @param options.snapshotIntervalMs time between scheduled snapshots of one mini program
   * @param events null: changes write no events
   */
  constructor(
    @Inject(LedgerOptions) options: Pick<LedgerOptions, 'snapshotIntervalMs'>,
    @Optional() @Inject(EventWriter) private readonly events: EventWriter | null = null,
  ) {
    this.silenceMs = 2 * options.snapshotIntervalMs + HOUR_MS;
  }

  /**
   * Records successful answers of one platform; the same answer given twice changes nothing. Outcomes come in the order
   * of `observations`. Observations are ordered by when they were asked: an answer that was asked earlier than one recorded before
   * it (a process was paused with the answer in its socket) is `superseded`. It makes no snapshot, and the time around it
   * counts as between observations (decision record 0007). What was recorded with a time that is still to come is set aside first.
   */
  async record(sql: Sql, platformId: number, observations: readonly Observation[]): Promise<Recorded[]> {
    const outcomes = new Map<Observation, Recorded['outcome']>();
    for (const batch of rounds(observations)) {
      const same = await extendCurrent(sql, platformId, batch, this.silenceMs);
      const rest: Observation[] = [];
      for (const observation of batch) {
        if (same.has(observation.authorizerId)) outcomes.set(observation, 'unchanged');
        else rest.push(observation);
      }
      if (rest.length === 0) continue;
      const judged = await this.judgeAll(sql, platformId, rest, outcomes);
      await writeUnchanged(sql, platformId, judged);
      const changed = await writeSnapshots(sql, platformId, judged);
      await this.tell(sql, platformId, judged, changed);
      await interruptRuns(
        sql,
        platformId,
        judged
          .filter(({ judgement }) => judgement.kind === 'superseded')
          .map(({ observation, input }) => ({
            authorizerId: observation.authorizerId,
            at: observation.askedAt,
            until: observation.answeredAt,
            contentDigest: input.digest,
          })),
        'superseded',
      );
      for (const { observation, judgement } of judged) outcomes.set(observation, judgement.kind);
    }
    return observations.map((observation) => ({
      authorizerId: observation.authorizerId,
      outcome: outcomes.get(observation) ?? 'superseded',
    }));
  }

  /** Records looks that failed or could not be tried: from then on nothing is known until the next success. */
  async noteGaps(sql: Sql, platformId: number, gaps: readonly ObservationGap[]): Promise<void> {
    const began = await keepObservationGaps(sql, platformId, gaps);
    if (!this.events || began.length === 0) return;
    await this.events.write(
      sql,
      began.map(({ authorizerAppid, merchantId, failure }) => ({
        type: 'snapshot.failed' as const,
        platformId,
        authorizerAppid,
        merchantId,
        data: {
          code: failure.code as ErrorCode,
          wechat: failure.wechat && { errcode: failure.wechat.errcode, rid: failure.wechat.rid ?? null },
          since: failure.at,
        },
      })),
    );
  }

  /** Writes the events of a batch in its transaction; an observation that changes nothing writes none. */
  private async tell(
    sql: Sql,
    platformId: number,
    judged: readonly Judged[],
    changed: readonly ChangedSnapshot[],
  ): Promise<void> {
    if (!this.events) return;
    const recovered = judged.flatMap(({ watch, judgement, observation }): NewEvent[] => {
      const since = watch.unreadableSince;
      const failed = watch.failing && since !== null && since <= observation.askedAt && judgement.kind !== 'superseded';
      if (!failed || watch.authorizerAppid === null) return [];
      const { authorizerAppid, merchantId } = watch;
      return [
        { type: 'snapshot.recovered', platformId, authorizerAppid, merchantId, data: { since: since.toISOString() } },
      ];
    });
    const names = await namesOfDomains(sql, domainsOfChanges(changed));
    await this.events.write(sql, [
      ...recovered,
      ...changed.flatMap((each) => eventsOfChange(each, names)),
      ...changed.flatMap(editsReached),
    ]);
  }

  private async judgeAll(
    sql: Sql,
    platformId: number,
    all: readonly Observation[],
    outcomes: Map<Observation, Recorded['outcome']>,
  ): Promise<Judged[]> {
    const ids = all.map((observation) => observation.authorizerId);
    let watches = await lockWatches(sql, platformId, ids);
    const ahead = [...watches.values()].filter((watch) => watch.ahead);
    if (ahead.length > 0) {
      await setAsideFuture(sql, platformId, ahead);
      watches = await lockWatches(sql, platformId, ids);
    }
    const latest = Math.max(...[...watches.values()].map((watch) => watch.now.getTime())) + CLOCK_TOLERANCE_MS;
    const observations = all.filter((observation) => observation.askedAt.getTime() <= latest);
    for (const observation of all) if (!observations.includes(observation)) outcomes.set(observation, 'set_aside');
    // Mini programs with the same release mostly have the same bytes: they are read once.
    const answers = new Map<string, Answer>();
    const answerOf = ({ bodyDigest, body }: Observation): Answer => {
      let answer = answers.get(bodyDigest);
      if (!answer) answers.set(bodyDigest, (answer = readAnswer(body)));
      return answer;
    };
    const rowOf = ({ authorizerId }: Observation): WatchRow => {
      const watch = watches.get(authorizerId);
      if (!watch) throw new Error(`no watch row for authorizer ${authorizerId}`);
      return watch;
    };
    // A list of which an answer says nothing stays what it was.
    const partial = observations.filter((each) => answerOf(each).unknown.all !== 0);
    const carried = await namesOfContents(
      sql,
      partial.map((each) => rowOf(each).contentListIds),
    );
    await keepUnreadable(
      sql,
      platformId,
      partial.filter((each) => answerOf(each).unknown.odd !== 0),
    );
    return observations.map((observation) => {
      const watch = rowOf(observation);
      const answer = answerOf(observation);
      const known = watch.rawDigest === observation.bodyDigest ? watch.contentDigest : null;
      const before = carried[partial.indexOf(observation)];
      const input = known
        ? { content: [], listDigests: [], digest: known }
        : before
          ? inputOf(
              answer.content.map((names, slot) => ((answer.unknown.all >> slot) & 1 ? (before[slot] ?? null) : names)),
            )
          : answer.input;
      return {
        observation,
        watch,
        judgement: judge(watch, observation.askedAt, input.digest, this.silenceMs, answer.unknown.all),
        input,
        unread: unreadOf(answer, observation),
      };
    });
  }
}

async function writeUnchanged(sql: Sql, platformId: number, judged: readonly Judged[]): Promise<void> {
  await extendUnchanged(
    sql,
    platformId,
    judged.flatMap(({ observation, judgement, watch, unread }) =>
      judgement.kind === 'unchanged' && watch.lastObservedAt
        ? [{ ...observation, ...unread, gapReason: judgement.gapReason, gapFrom: watch.lastObservedAt }]
        : [],
    ),
  );
}

/** @returns the new snapshots of mini programs that are on record */
async function writeSnapshots(sql: Sql, platformId: number, all: readonly Judged[]): Promise<ChangedSnapshot[]> {
  const judged = all.filter(({ judgement }) => judgement.kind === 'first' || judgement.kind === 'changed');
  if (judged.length === 0) return [];
  const contents = await storeContents(
    sql,
    judged.map(({ input }) => input),
  );
  const before = await slotsOfContents(
    sql,
    judged.map(({ watch }) => watch.contentListIds),
  );
  const changes = judged.map(({ judgement, watch }, index) =>
    judgement.kind === 'changed'
      ? diffSlots(before[index] ?? [], contents[index]?.slots ?? []).filter(
          // A list that is read for the first time is no change.
          ({ slot }) => before[index]?.[slot] || !((watch.unknownSlots >> slot) & 1),
        )
      : [],
  );
  const changeIds = await storeChangeSets(sql, changes);
  const bodyIds = await storeBodies(
    sql,
    judged.map(({ observation }) => ({ digest: observation.bodyDigest, body: observation.body })),
  );
  const steps = new CountSteps();
  const rows = judged.map(({ observation, watch, unread }, index) => {
    const content = contents[index];
    if (!content) throw new Error('a content was not interned');
    // The first sight of a mini program that may be read makes it known to the counters.
    const counted = watch.counted === 1 && watch.readable ? 2 : watch.counted;
    if (watch.counted === 2) steps.content(before[index] ?? [], -1);
    if (counted === 2) {
      steps.content(content.slots, 1);
      if (watch.counted !== 2) steps.known(1);
    }
    return {
      ...unread,
      authorizerId: observation.authorizerId,
      askedAt: observation.askedAt,
      answeredAt: observation.answeredAt,
      bodyDigest: observation.bodyDigest,
      no: watch.nextNo,
      contentId: content.contentId,
      bodyId: bodyIds.get(observation.bodyDigest) as number,
      changeId: changeIds[index] ?? null,
      counted,
      driftSince: driftSince(watch.driftSince, content.slots, observation.askedAt),
      largest: Math.min(largestList(content.slots), 32_767),
      isEdit: isEdit(changes[index] ?? []),
    };
  });
  const edits = await insertSnapshots(sql, platformId, rows);
  await steps.write(sql, platformId);
  return judged.flatMap(({ judgement, watch: { authorizerId, authorizerAppid, merchantId, nextNo: no } }, index) =>
    authorizerAppid !== null
      ? [
          {
            isFirst: judgement.kind === 'first',
            platformId,
            authorizerId,
            authorizerAppid,
            merchantId,
            no,
            changes: changes[index] ?? [],
            edits: edits.get(authorizerId) ?? null,
            before: before[index] ?? [],
            after: contents[index]?.slots ?? [],
          },
        ]
      : [],
  );
}

/** An answer as it is read, of any mini program. */
interface Answer {
  content: NormalContent;
  input: ContentInput;
  unknown: UnknownLists;
}

function readAnswer(body: Buffer): Answer {
  const reply = parseBody(body);
  const content = normaliseEffectiveDomains(reply);
  return { content, input: inputOf(content), unknown: unknownLists(reply) };
}

function inputOf(content: NormalContent): ContentInput {
  const { lists, content: digest } = digestsOf(content);
  return { content, listDigests: lists, digest };
}

/** Lists in a form nobody documented are shown as a failure of their own kind; those that came as null are not. */
function unreadOf({ unknown }: Answer, { askedAt }: Observation): Unread {
  const failure = { at: askedAt.toISOString(), code: 'upstream_unreadable', wechat: null, transient: false };
  return { unknownSlots: unknown.all, failure: unknown.odd === 0 ? null : JSON.stringify(failure) };
}

/** Splits into batches in which each mini program occurs once, its earlier observations first. */
function rounds(observations: readonly Observation[]): Observation[][] {
  const sorted = [...observations].sort((a, b) => a.askedAt.getTime() - b.askedAt.getTime());
  const batches: Observation[][] = [];
  const seen = new Map<number, number>();
  for (const observation of sorted) {
    const round = seen.get(observation.authorizerId) ?? 0;
    seen.set(observation.authorizerId, round + 1);
    (batches[round] ??= []).push(observation);
  }
  return batches;
}
