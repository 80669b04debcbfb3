import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HOUR_MS, Database, type SealedTable, Sealer, type Secret, type Sql, Ticks } from '#libs/kernel';
import {
  CLAIM_CODE,
  COUNT_RECENT_STRANGERS,
  DELETE_OLD_CODES,
  DELETE_OLD_LINKS,
  DELETE_OLD_PRE_AUTH_CODES,
  FIND_CROSSED_CODE,
  FINISH_CODE,
  RECEIVE_CODE,
  RELEASE_CODE,
  SELECT_CODE,
  SELECT_SEALED_CODE,
} from './authorization-codes.sql.ts';

export type CodeSource = 'redirect' | 'push';
export type CodeState = 'pending' | 'exchanged' | 'recovered' | 'failed';

export interface CodeRow {
  state: CodeState;
  source: CodeSource | 'both';
  authorizerAppid: string | null;
  linkId: string | null;
  /** What WeChat said when the code was given up. */
  failure: { reason: string; errcode?: number } | null;
}

export interface ClaimedCode {
  generation: number;
  attempts: number;
  authorizerAppid: string | null;
  linkId: string | null;
  /** Database time of the claim: what was read or changed after it is newer than this exchange knows. */
  claimedAt: Date;
}

export function codeDigest(code: Secret): Buffer {
  return createHash('sha256').update(code.reveal()).digest();
}

function addressDigest(address: string): Buffer {
  return createHash('sha256').update(address).digest();
}

function placeOf(platformId: number, digest: Buffer): string {
  return `authorizers.authorization_code.sealed_code:${platformId}:${digest.toString('hex')}`;
}

/**
 * One row per authorization code, found by its digest: redirect and push, and every process, meet there, so that a code is
 * exchanged once.
 */
@Injectable()
export class AuthorizationCodes {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly ticks: Ticks,
  ) {}

  /** Removes old codes and links. */
  @Interval('authorization_retention', HOUR_MS)
  prune(): Promise<void> {
    return this.ticks.run('authorization_retention', () => pruneAuthorizations(this.db));
  }

  /**
   * Notes a code before anything is done with it. What was given up because nobody knew whose code it was is taken up
   * again when a push tells.
   */
  async receive(
    sql: Sql,
    platformId: number,
    code: Secret,
    from: { source: CodeSource; authorizerAppid?: string | null; linkId?: string | null; address?: string },
  ): Promise<CodeRow> {
    const digest = codeDigest(code);
    const [row] = await sql.query<CodeRow>(RECEIVE_CODE, [
      platformId,
      digest,
      from.source,
      this.sealer.seal(code, placeOf(platformId, digest)),
      from.authorizerAppid ?? null,
      from.linkId ?? null,
      from.address === undefined ? null : addressDigest(from.address),
    ]);
    return row as CodeRow;
  }

  /** Takes the code for `leaseSeconds`; null when it is done with or somebody else has it. */
  async claim(platformId: number, digest: Buffer, leaseSeconds: number): Promise<ClaimedCode | null> {
    const [row] = await this.db.query<ClaimedCode>(CLAIM_CODE, [platformId, digest, leaseSeconds]);
    return row ?? null;
  }

  async read(sql: Sql, platformId: number, digest: Buffer): Promise<CodeRow | null> {
    const [row] = await sql.query<CodeRow>(SELECT_CODE, [platformId, digest]);
    return row ?? null;
  }

  /** The code itself, for the job that takes up a redirect cut short; null once it is done with. */
  async open(sql: Sql, platformId: number, digest: Buffer): Promise<Secret | null> {
    const [row] = await sql.query<{ sealed_code: Buffer }>(SELECT_SEALED_CODE, [platformId, digest]);
    return row ? this.sealer.open(row.sealed_code, placeOf(platformId, digest)) : null;
  }

  /** Ends the code under the lease. @returns false when the lease was lost; then nothing of the exchange may be written */
  async finish(
    sql: Sql,
    platformId: number,
    digest: Buffer,
    claim: ClaimedCode,
    end: { state: Exclude<CodeState, 'pending'>; authorizerAppid?: string | null; failure?: CodeRow['failure'] },
  ): Promise<boolean> {
    const touched = await sql.run(FINISH_CODE, [
      platformId,
      digest,
      claim.generation,
      end.state,
      end.authorizerAppid ?? null,
      end.failure ? JSON.stringify(end.failure) : null,
    ]);
    return touched === 1;
  }

  /** Gives the lease back after a failure that passes, so that the next try need not wait for its end. */
  async release(platformId: number, digest: Buffer, claim: ClaimedCode): Promise<void> {
    await this.db.run(RELEASE_CODE, [platformId, digest, claim.generation]);
  }

  /** Whether another code of the account was exchanged while this one was: which of the two WeChat took last is not known. */
  async crossed(
    sql: Sql,
    platformId: number,
    digest: Buffer,
    authorizerAppid: string,
    claim: ClaimedCode,
  ): Promise<boolean> {
    const [other] = await sql.query(FIND_CROSSED_CODE, [platformId, authorizerAppid, digest, claim.claimedAt]);
    return other !== undefined;
  }

  /**
   * Redirects of the last ten minutes that no link of ours explains and whose code has brought nothing: of the whole platform,
   * and of this address.
   */
  async recentStrangers(
    sql: Sql,
    platformId: number,
    address: string | undefined,
  ): Promise<{ all: number; ofAddress: number }> {
    const [row] = await sql.query<{ all: number; ofAddress: number }>(COUNT_RECENT_STRANGERS, [
      platformId,
      address === undefined ? null : addressDigest(address),
    ]);
    return row ?? { all: 0, ofAddress: 0 };
  }
}

/** Removes codes over 30 days old (they live an hour at most), and links two years after they expired. */
export async function pruneAuthorizations(sql: Sql): Promise<number> {
  const codes = await sql.run(DELETE_OLD_CODES);
  const links = await sql.run(DELETE_OLD_LINKS);
  const preAuthCodes = await sql.run(DELETE_OLD_PRE_AUTH_CODES);
  return codes + links + preAuthCodes;
}

/** Where this library keeps sealed values, for the rotation of master keys. */
export const authorizersSealedTables: readonly SealedTable[] = [
  {
    table: 'authorizers.authorization_code',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'code_digest', type: 'bytea' },
    ],
    sealed: [{ column: 'sealed_code', aad: (row) => placeOf(row.platform_id as number, row.code_digest as Buffer) }],
  },
];
