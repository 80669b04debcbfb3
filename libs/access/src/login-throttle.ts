import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError, Database, type Sql } from '#libs/kernel';

/** Failures without a consequence, then a pause that doubles from one second up to a quarter of an hour. */
const FREE: Record<Kind, number> = { user: 5, address: 20 };
const LONGEST_SECONDS = 900;
/** Failures are forgotten after this long without one. */
const MEMORY = "interval '1 day'";

type Kind = 'user' | 'address';

/** A refused login: too many failures of this name or address. */
export class LoginThrottled extends AppError {
  constructor(
    readonly kind: Kind,
    retryAfterSeconds: number,
  ) {
    super('rate_limited', 'too many failed logins; try again later', { retryAfterSeconds });
  }

  /** Failures of this kind that cost nothing. */
  get free(): number {
    return FREE[this.kind];
  }
}

/**
 * Rate limit of password guesses, in the database, so that it counts over all processes. An attempt is counted before the
 * password is checked: a thousand guesses at the same time are a thousand guesses.
 */
@Injectable()
export class LoginThrottle {
  constructor(@Inject(Database) private readonly db: Sql) {}

  /**
   * An address from which the user has logged in before has a count of its own: guesses from elsewhere do not lock the user
   * out there. So has a device from which the user has logged in, and there the failures of its address do not count.
   * @param deviceId of a device that is known for this very name
   * @returns by what the name is counted
   * @throws LoginThrottled while the name or the address is locked
   */
  async attempt(username: string, address: string, deviceId?: string): Promise<string> {
    if (deviceId !== undefined) {
      const counted = `${username} on ${deviceId}`;
      await this.count('user', counted);
      return counted;
    }
    await this.count('address', address);
    const counted = await this.countedAs(username, address);
    await this.count('user', counted);
    return counted;
  }

  /** The right password: the name is free again, and this attempt is not counted for the address. @param counted see `attempt` */
  async succeeded(counted: string, address: string): Promise<void> {
    await this.db.run(`DELETE FROM access.login_brake WHERE kind = 'user' AND who_digest = $1`, [digestOf(counted)]);
    await this.db.run(
      `UPDATE access.login_brake SET failures = greatest(0, failures - 1) WHERE kind = 'address' AND who_digest = $1`,
      [digestOf(address)],
    );
  }

  /** The password was not checked: the attempt does not count. */
  async withdraw(counted: string, address: string): Promise<void> {
    await this.db.run(
      `UPDATE access.login_brake SET failures = greatest(0, failures - 1)
        WHERE (kind, who_digest) IN (('user', $1), ('address', $2))`,
      [digestOf(counted), digestOf(address)],
    );
  }

  async prune(): Promise<void> {
    await this.db.run(`DELETE FROM access.login_brake WHERE failed_at < wxfleet.now() - ${MEMORY}`);
  }

  /** By name, or by name and address (which no name looks like) where there is a session of that user, ended or not. */
  private async countedAs(username: string, address: string): Promise<string> {
    const [known] = await this.db.query(
      `SELECT 1 FROM access.console_user u JOIN access.session s USING (user_id)
        WHERE u.username = $1 AND s.address = $2 LIMIT 1`,
      [username, address],
    );
    return known ? `${username} at ${address}` : username;
  }

  private async count(kind: Kind, who: string): Promise<void> {
    const failures = `CASE WHEN b.failed_at < wxfleet.now() - ${MEMORY} THEN 1 ELSE b.failures + 1 END`;
    // What costs nothing moves no lock: an attempt that began earlier and waited for this one would find it in its future.
    const [counted] = await this.db.query(
      `INSERT INTO access.login_brake AS b (kind, who_digest, failures, failed_at, locked_until)
       VALUES ($1, $2, 1, wxfleet.now(), '-infinity')
       ON CONFLICT (kind, who_digest) DO UPDATE
          SET failures = ${failures}, failed_at = wxfleet.now(),
              locked_until = CASE WHEN ${failures} < $3::int THEN b.locked_until
                ELSE wxfleet.now() + least($4::float8, 2 ^ least(20, ${failures} - $3::int)) * interval '1 second' END
        WHERE b.locked_until <= wxfleet.now()
       RETURNING 1`,
      [kind, digestOf(who), FREE[kind], LONGEST_SECONDS],
    );
    if (counted) return;
    const [row] = await this.db.query<{ seconds: number }>(
      `SELECT ceil(extract(epoch FROM locked_until - wxfleet.now()))::int AS seconds
         FROM access.login_brake WHERE kind = $1 AND who_digest = $2`,
      [kind, digestOf(who)],
    );
    throw new LoginThrottled(kind, Math.max(1, row?.seconds ?? 1));
  }
}

/** A password typed into the wrong field must not be stored in the clear. */
function digestOf(who: string): Buffer {
  return createHash('sha256').update(who).digest();
}
