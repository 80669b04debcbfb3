import type { Database, Sealer } from '#libs/kernel';
import { TokenMint } from '../../../simulator/src/token-mint.ts';
import { placesOfTokens } from '../fleet.ts';
import { type Platform, SIMULATOR_SEED } from '../stage.ts';
import type { Expiry, TokenWrite } from './evidence.ts';

const mint = new TokenMint(SIMULATOR_SEED);

/** Which token of its merchant this is; only WeChat's side can know. -1: none of this WeChat. */
export function serialOf(accessToken: string): number {
  return mint.readAccess(accessToken)?.serial ?? -1;
}

/** The token rows of the hubs, seen from outside: what every write left in them, and their tokens made to be over. */
export class TokenRows {
  private readonly places = placesOfTokens();

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly platform: Platform,
  ) {}

  /** Lets the database itself keep what every write left in a token row, in the same transaction. */
  async watch(): Promise<void> {
    await this.db.runScript(`
      CREATE SCHEMA soak;
      CREATE TABLE soak.token_write (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
        authorizer_appid text NOT NULL, generation bigint NOT NULL, state text NOT NULL,
        access bytea, has_refresh boolean NOT NULL);
      CREATE FUNCTION soak.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF NEW.sealed_access_token IS DISTINCT FROM OLD.sealed_access_token
           OR NEW.sealed_refresh_token IS DISTINCT FROM OLD.sealed_refresh_token OR NEW.state <> OLD.state THEN
          INSERT INTO soak.token_write (authorizer_appid, generation, state, access, has_refresh)
          VALUES (NEW.authorizer_appid, NEW.generation, NEW.state, NEW.sealed_access_token, NEW.sealed_refresh_token IS NOT NULL);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER soak_keep AFTER UPDATE ON custody.authorizer_token FOR EACH ROW EXECUTE FUNCTION soak.keep();
    `);
  }

  /** All writes, in their order. */
  async writes(): Promise<TokenWrite[]> {
    const rows = await this.db.query<Omit<TokenWrite, 'at' | 'serial'> & { at: Date; access: Buffer | null }>(
      `SELECT authorizer_appid AS appid, at, generation, state, access, has_refresh AS "hasRefreshToken"
         FROM soak.token_write ORDER BY id`,
    );
    return rows.map(({ at, access, ...row }) => ({
      ...row,
      at: at.getTime(),
      serial: access && this.serial(row.appid, access),
    }));
  }

  /**
   * The tokens of these merchants expire at once, and every process hears of it. Left alone: tokens that are being refreshed,
   * those whose refresh failed, and those that have expired already.
   */
  async expire(appids: readonly string[]): Promise<Expiry[]> {
    const expired = await this.db.query<{ appid: string; access: Buffer; at: Date }>(
      `WITH expired AS (
         UPDATE custody.authorizer_token
            SET access_token_expires_at = wxfleet.now() - interval '1 second', refresh_after = wxfleet.now() - interval '1 second'
          WHERE platform_id = $1 AND authorizer_appid = ANY ($2) AND state = 'usable' AND failures = 0
            AND access_token_expires_at > wxfleet.now() AND (lease_until IS NULL OR lease_until <= wxfleet.now())
        RETURNING authorizer_appid AS appid, sealed_access_token AS access)
       SELECT appid, access, clock_timestamp() AS at, pg_notify('wxfleet_custody', $1 || ':' || appid) FROM expired`,
      [this.platform.platformId, appids],
    );
    return expired.map(({ appid, access, at }) => ({ appid, at: at.getTime(), serial: this.serial(appid, access) }));
  }

  async unusable(): Promise<{ appid: string; state: string }[]> {
    return this.db.query(
      `SELECT authorizer_appid AS appid, state FROM custody.authorizer_token
        WHERE platform_id = $1 AND (state <> 'usable' OR sealed_refresh_token IS NULL)`,
      [this.platform.platformId],
    );
  }

  private serial(appid: string, access: Buffer): number {
    const place = this.places.access({ platform_id: this.platform.platformId, authorizer_appid: appid });
    return serialOf(this.sealer.open(access, place).reveal());
  }
}
