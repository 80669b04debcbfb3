import { Injectable } from '@nestjs/common';
import { AppError, Database, SealError, Sealer, type Sql } from '#libs/kernel';
import { AuditTrail } from './audit-trail.ts';
import { ConsoleUsers, type ConsoleUserRow } from './console-users.ts';

const PLACE = 'access.first_operator';
const VALID_HOURS = 24;
const LOCK = 'wxfleet first operator';

/**
 * The way into an installation that nobody can enter yet: a token that makes one operator. It is sealed and not stored, so
 * that any process may redeem it; it works once, because afterwards there is a user.
 */
@Injectable()
export class FirstOperator {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly users: ConsoleUsers,
    private readonly audit: AuditTrail,
  ) {}

  /** A token for an installation without users and without platforms' keys; null: somebody is here already. */
  async offer(): Promise<string | null> {
    if (!(await isEmpty(this.db))) return null;
    const [row] = await this.db.query<{ until: Date }>(
      `SELECT wxfleet.now() + make_interval(hours => ${VALID_HOURS}) AS until`,
    );
    return this.sealer.seal((row as { until: Date }).until.toISOString(), PLACE).toString('base64url');
  }

  /** Refuses a token that is not of this installation or has expired, before a password is hashed for it. */
  async check(token: string): Promise<void> {
    const [row] = await this.db.query<{ valid: boolean }>('SELECT $1::timestamptz > wxfleet.now() AS valid', [
      this.expiryOf(token),
    ]);
    if (!row?.valid || !(await isEmpty(this.db))) throw unusable();
  }

  /**
   * Makes the operator. Of several at once one succeeds.
   * @param hash of the password
   * @throws AppError not_found when the token was used or has expired
   */
  async redeem(token: string, input: { username: string; hash: string; address: string }): Promise<ConsoleUserRow> {
    await this.check(token);
    return this.db.transaction(async (sql) => {
      await sql.query('SELECT pg_advisory_xact_lock(hashtext($1))', [LOCK]);
      if (!(await isEmpty(sql))) throw unusable();
      const made = await this.users.create(sql, {
        username: input.username,
        hash: input.hash,
        role: 'operator',
        platformId: null,
        createdBy: 'system',
      });
      await this.audit.record(sql, {
        platformId: null,
        actor: 'system',
        action: 'user.created',
        subject: `user:${made.username}`,
        address: input.address,
        detail: { role: made.role, first: true },
      });
      return made;
    });
  }

  private expiryOf(token: string): string {
    try {
      const until = this.sealer.open(Buffer.from(token, 'base64url'), PLACE).reveal();
      if (!Number.isNaN(Date.parse(until))) return until;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
    }
    throw unusable();
  }
}

async function isEmpty(sql: Pick<Sql, 'query'>): Promise<boolean> {
  const [row] = await sql.query<{ empty: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM access.console_user)
        AND NOT EXISTS (SELECT FROM access.api_key WHERE platform_id IS NOT NULL) AS empty`,
  );
  return row?.empty === true;
}

function unusable(): AppError {
  return new AppError('not_found', 'this sign-up link was used or has expired; a restart of the hub prints a new one');
}
