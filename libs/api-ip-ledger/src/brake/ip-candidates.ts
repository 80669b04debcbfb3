import { Injectable } from '@nestjs/common';
import type { ApiIpCandidateView, ApiIpKind } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import type { IpList } from '../lists/ip-list.ts';
import type { HoldReason } from './ip-verdict.ts';
import {
  EXTEND_HELD_CANDIDATE,
  INSERT_CANDIDATE,
  LIST_CANDIDATES,
  NOTE_PUBLISHED,
  SELECT_CANDIDATE,
  SELECT_HELD_CANDIDATE,
  WITHDRAW_HELD,
} from './ip-candidates.sql.ts';

/** This many fetches in a row that agree are believed. An empty list never is: see `IpCandidates.agreed`. */
export const AGREEING_FETCHES = 3;

type CandidateState = 'held' | 'published' | 'withdrawn';

/** An answer of WeChat as a row keeps it. */
export interface KeptAnswer {
  platformId: number;
  list: IpList;
  body: string;
  askedAt: string;
}

interface CandidateRow {
  no: number;
  reason: HoldReason;
  state: CandidateState;
  entries: string[];
  unreadable: string[];
  lost: string[];
  added: string[];
  firstObservedAt: Date;
  lastObservedAt: Date;
  observations: number;
  decidedAt: Date | null;
  decidedBy: string | null;
}

/** A list that is held, as the writer of snapshots needs it. */
export interface HeldList {
  no: number;
  observations: number;
  reason: HoldReason;
}

/** The brake: lists that wait until fetches agree or an operator confirms. At most one of a kind is held. */
@Injectable()
export class IpCandidates {
  /** Notes a list that is held: another observation of the one held already, or a new one in its place. */
  async hold(
    sql: Sql,
    kind: ApiIpKind,
    answer: KeptAnswer & { reason: HoldReason; lost: string[]; added: string[] },
  ): Promise<HeldList & { isNew: boolean }> {
    const { list, reason } = answer;
    const [same] = await sql.query<HeldList>(EXTEND_HELD_CANDIDATE, [
      kind,
      list.digest,
      list.invalid,
      answer.platformId,
      answer.askedAt,
    ]);
    if (same) return { ...same, isNew: false };
    await this.withdraw(sql, kind);
    const [made] = await sql.query<HeldList>(INSERT_CANDIDATE, [
      kind,
      reason,
      list.digest,
      list.entries,
      list.invalid,
      answer.lost,
      answer.added,
      answer.body,
      answer.platformId,
      answer.askedAt,
    ]);
    return { ...(made as HeldList), isNew: true };
  }

  /**
   * Whether what is held may be published without a person: the same answer came in enough fetches in a row. Not for an empty
   * list, which closes every firewall that is made of it; WeChat has to repeat no mistake for that to cost all pushes.
   */
  agreed(held: HeldList): boolean {
    return held.reason !== 'empty' && held.observations >= AGREEING_FETCHES;
  }

  /** The held list is published. @param by `agreement`, or the actor who confirmed it */
  async published(sql: Sql, kind: ApiIpKind, no: number, by: string): Promise<void> {
    await sql.run(NOTE_PUBLISHED, [kind, no, by]);
  }

  /** Nothing is held any more: WeChat answered otherwise. */
  async withdraw(sql: Sql, kind: ApiIpKind): Promise<void> {
    await sql.run(WITHDRAW_HELD, [kind]);
  }

  /** One of them with everything that a snapshot needs, or null. */
  async find(sql: Sql, kind: ApiIpKind, no: number): Promise<{ state: CandidateState; answer: KeptAnswer } | null> {
    const [row] = await sql.query<{
      state: CandidateState;
      digest: Buffer;
      entries: string[];
      invalid: string[];
      body: string;
      platformId: number;
      askedAt: string;
    }>(SELECT_CANDIDATE, [kind, no]);
    if (!row) return null;
    const { state, digest, entries, invalid, ...answer } = row;
    return { state, answer: { ...answer, list: { digest, entries, invalid } } };
  }

  /** Newest first, at most 100; older ones are kept in the table. */
  async list(sql: Sql, kind: ApiIpKind): Promise<ApiIpCandidateView[]> {
    const rows = await sql.query<CandidateRow>(LIST_CANDIDATES, [kind]);
    return rows.map((row) => candidateView(kind, row));
  }

  /** The one that is held now, or null. */
  async held(sql: Sql, kind: ApiIpKind): Promise<ApiIpCandidateView | null> {
    const [row] = await sql.query<CandidateRow>(SELECT_HELD_CANDIDATE, [kind]);
    return row ? candidateView(kind, row) : null;
  }
}

function candidateView(kind: ApiIpKind, row: CandidateRow): ApiIpCandidateView {
  return {
    id: String(row.no),
    kind,
    reason: row.reason,
    state: row.state,
    first_observed_at: row.firstObservedAt.toISOString(),
    last_observed_at: row.lastObservedAt.toISOString(),
    observations: row.observations,
    decided_at: row.decidedAt?.toISOString() ?? null,
    decided_by: row.decidedBy,
    ip_list: row.entries,
    unreadable: row.unreadable,
    added: row.added,
    removed: row.lost,
  };
}
