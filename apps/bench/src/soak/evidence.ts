import type { Database, Sealer } from '#libs/kernel';
import { TokenMint } from '../../../simulator/src/token-mint.ts';
import { placesOfTokens } from '../fleet.ts';
import { type Platform, SIMULATOR_SEED, type SimulatorProcess } from '../stage.ts';

/** A refresh as the simulated WeChat saw it; times in Unix milliseconds. */
export interface RefreshCall {
  seq: number;
  appid: string;
  startedAt: number;
  endedAt: number;
  succeeded: boolean;
  fault: string | null;
}

interface CallRecord {
  seq: number;
  at: number;
  authorizerAppid: string;
  errcode: number | null;
  fault: string | null;
  ms: number;
}

const REFRESH = '/cgi-bin/component/api_authorizer_token';

/** Collects every refresh from the simulator's log, which keeps only the last calls; ask often enough. */
export class RefreshLog {
  readonly calls: RefreshCall[] = [];
  private seen = 0;

  constructor(private readonly simulator: SimulatorProcess) {}

  async collect(): Promise<void> {
    const path = `/calls?path=${encodeURIComponent(REFRESH)}&limit=5000`;
    for (const call of await this.simulator.control<CallRecord[]>('GET', path)) {
      if (call.seq <= this.seen) continue;
      this.seen = call.seq;
      this.calls.push({
        seq: call.seq,
        appid: call.authorizerAppid,
        startedAt: call.at - call.ms,
        endedAt: call.at,
        // What took effect at WeChat, whether or not the answer arrived.
        succeeded: call.errcode === 0 || call.fault === 'replyLostAfterEffect',
        fault: call.fault,
      });
    }
  }
}

/** Lets the database itself keep what every write left in a token row. */
export async function watchTokenRows(db: Database): Promise<void> {
  await db.query(`
    CREATE SCHEMA soak;
    CREATE TABLE soak.token_write (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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

export interface RowFindings {
  writes: number;
  /** A token that WeChat had issued earlier took the place of a later one. */
  staleOverwrites: string[];
  /** A refresh token was there and is not any more. */
  blanked: string[];
}

/** Reads the writes of all rows in their order. Serial numbers of tokens only WeChat's side can know come from the simulator's mint. */
export async function readTokenWrites(db: Database, sealer: Sealer, platform: Platform): Promise<RowFindings> {
  const places = placesOfTokens();
  const mint = new TokenMint(SIMULATOR_SEED);
  const rows = await db.query<{ appid: string; generation: number; access: Buffer | null; refresh: boolean }>(
    'SELECT authorizer_appid AS appid, generation, access, has_refresh AS refresh FROM soak.token_write ORDER BY id',
  );
  const last = new Map<string, { serial: number; generation: number }>();
  const findings: RowFindings = { writes: rows.length, staleOverwrites: [], blanked: [] };
  for (const { appid, generation, access, refresh } of rows) {
    if (!refresh) findings.blanked.push(appid);
    if (!access) continue;
    const place = places.access({ platform_id: platform.platformId, authorizer_appid: appid });
    const serial = mint.readAccess(sealer.open(access, place).reveal())?.serial ?? -1;
    const before = last.get(appid);
    if (before && (serial < before.serial || generation < before.generation))
      findings.staleOverwrites.push(
        `${appid}: token ${before.serial} of generation ${before.generation} was followed by token ${serial} of generation ${generation}`,
      );
    last.set(appid, { serial, generation });
  }
  return findings;
}
