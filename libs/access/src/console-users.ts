import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { decodeCursor, pageOf, type ConsoleUserView, type UserRole } from '#libs/contract';
import { AppError, type Sql } from '#libs/kernel';
import { ConsoleUser } from './console-user.entity.ts';
import { ACCESS_CHANNEL } from './principal.ts';
import { Session } from './session.entity.ts';

export interface NewConsoleUser {
  username: string;
  /** Of the password; made before the transaction, because that takes a while. */
  hash: string;
  role: UserRole;
  /** `null` exactly for the role operator. */
  platformId: number | null;
  /** Refused from then on; null: never. */
  expiresAt?: Date | null;
  /** Actor that makes it. */
  createdBy: string;
}

export type ConsoleUserRow = Omit<ConsoleUserView, 'component_appid'> & { userId: string; platformId: number | null };

interface Row {
  user_id: string;
  platform_id: number | null;
  username: string;
  role: UserRole;
  created_at: Date;
  created_by: string;
  disabled_at: Date | null;
  expires_at: Date | null;
  last_login_at: Date | null;
}

const COLUMNS = 'user_id, platform_id, username, role, created_at, created_by, disabled_at, expires_at, last_login_at';

const SELECT_ONE = `SELECT ${COLUMNS} FROM access.console_user
  WHERE username = $1 AND ($2::int IS NULL OR platform_id = $2)`;

/** Users of the console. Names are lower case and unique over the installation. */
@Injectable()
export class ConsoleUsers {
  /** @throws AppError invalid_request naming username when it is taken */
  async create(sql: Sql, input: NewConsoleUser): Promise<ConsoleUserRow> {
    const [row] = await sql.query<Row>(
      `INSERT INTO access.console_user (user_id, platform_id, username, role, password_hash, created_by, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (username) DO NOTHING RETURNING ${COLUMNS}`,
      [
        `usr_${randomBytes(12).toString('hex')}`,
        input.platformId,
        input.username,
        input.role,
        input.hash,
        input.createdBy,
        input.expiresAt ?? null,
      ],
    );
    if (!row) throw AppError.invalid('username', 'is taken');
    return shown(row);
  }

  /** By name. `platformId` null: of the whole installation. */
  async list(
    sql: Sql,
    platformId: number | null,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: ConsoleUserRow[]; next_cursor: string | null }> {
    const [after] = page.cursor === undefined ? [''] : decodeCursor('users', page.cursor, ['string']);
    const rows = await sql.query<Row>(
      `SELECT ${COLUMNS} FROM access.console_user
        WHERE ($1::int IS NULL OR platform_id = $1) AND username COLLATE "C" > $2
        ORDER BY username COLLATE "C" LIMIT $3`,
      [platformId, after, page.limit + 1],
    );
    return pageOf('users', rows, page.limit, shown, (row) => [row.username]);
  }

  async get(sql: Sql, platformId: number | null, username: string): Promise<ConsoleUserRow | null> {
    const [row] = await sql.query<Row>(SELECT_ONE, [username, platformId]);
    return row ? shown(row) : null;
  }

  /** The same, and nobody else changes the user until the transaction ends. */
  async hold(sql: Sql, platformId: number | null, username: string): Promise<ConsoleUserRow | null> {
    const [row] = await sql.query<Row>(`${SELECT_ONE} FOR NO KEY UPDATE`, [username, platformId]);
    return row ? shown(row) : null;
  }

  /**
   * Changes a user and ends all sessions of that user, in every process.
   * @param hash of the new password; made outside of the transaction, because that takes a while
   */
  async change(
    sql: Sql,
    platformId: number | null,
    username: string,
    patch: {
      role?: UserRole | undefined;
      hash?: string | undefined;
      disabled?: boolean | undefined;
      /** null: never; absent: as before. */
      expiresAt?: Date | null | undefined;
    },
  ): Promise<ConsoleUserRow | null> {
    const [row] = await sql.query<Row>(
      `UPDATE access.console_user
          SET role = coalesce($3, role), expires_at = CASE WHEN $6 THEN $5::timestamptz ELSE expires_at END,
              disabled_at = CASE WHEN $4::boolean IS NULL THEN disabled_at WHEN $4 THEN coalesce(disabled_at, wxfleet.now()) END
        WHERE username = $1 AND ($2::int IS NULL OR platform_id = $2)
      RETURNING ${COLUMNS}`,
      [
        username,
        platformId,
        patch.role ?? null,
        patch.disabled ?? null,
        patch.expiresAt ?? null,
        patch.expiresAt !== undefined,
      ],
    );
    if (!row) return null;
    if (patch.hash !== undefined) {
      await sql
        .repository(ConsoleUser)
        .update({ userId: row.user_id }, { passwordHash: patch.hash, passwordChangedAt: () => 'wxfleet.now()' });
    }
    await sql
      .repository(Session)
      .update({ userId: row.user_id, endedAt: IsNull() }, { endedAt: () => 'wxfleet.now()' });
    await sql.query('SELECT pg_notify($1, $2)', [ACCESS_CHANNEL, row.user_id]);
    return shown(row);
  }

  /**
   * Erases a user: name, password and sessions are gone. Events of the audit trail go on naming the user until they are removed
   * themselves.
   * @returns false when there is none
   */
  async erase(sql: Sql, platformId: number | null, username: string): Promise<boolean> {
    const [row] = await sql.query<{ user_id: string }>(
      `DELETE FROM access.console_user WHERE username = $1 AND ($2::int IS NULL OR platform_id = $2) RETURNING user_id`,
      [username, platformId],
    );
    if (row) await sql.query('SELECT pg_notify($1, $2)', [ACCESS_CHANNEL, row.user_id]);
    return row !== undefined;
  }
}

function shown(row: Row): ConsoleUserRow {
  return {
    userId: row.user_id,
    platformId: row.platform_id,
    username: row.username,
    role: row.role,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    disabled_at: row.disabled_at?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
    last_login_at: row.last_login_at?.toISOString() ?? null,
  };
}
