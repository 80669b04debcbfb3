import type { Database } from '#libs/kernel';
import { bodyDigest, type Observation } from '../src/index.ts';

export interface MiniProgramRow {
  appid: string;
  slot?: number;
  merchantId?: string | null;
  state?: string;
  sets?: number[];
  principal?: string | null;
  kind?: string;
}

/** Authorizer rows as the ledger needs them, made without the library that owns them. Ids come in the order of `rows`. */
export async function addMiniProgramRows(
  db: Database,
  platformId: number,
  rows: readonly MiniProgramRow[],
): Promise<number[]> {
  await db.run(
    `INSERT INTO authorizers.merchant (platform_id, merchant_id, name)
     SELECT DISTINCT $1::int, id, id FROM unnest($2::text[]) AS t (id) WHERE id IS NOT NULL ON CONFLICT DO NOTHING`,
    [platformId, rows.map((row) => row.merchantId ?? null)],
  );
  const made = await db.query<{ appid: string; id: number }>(
    `INSERT INTO authorizers.authorizer
       (platform_id, authorizer_appid, slot, merchant_id, state, kind, permission_sets, principal_name)
     SELECT $1, appid, slot, merchant, state, kind, sets::int[], principal
       FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         AS t (appid, slot, merchant, state, kind, sets, principal)
     RETURNING authorizer_appid AS appid, authorizer_id AS id`,
    [
      platformId,
      rows.map((row) => row.appid),
      rows.map((row) => row.slot ?? 0),
      rows.map((row) => row.merchantId ?? null),
      rows.map((row) => row.state ?? 'authorized'),
      rows.map((row) => row.kind ?? 'mini_program'),
      rows.map((row) => `{${(row.sets ?? [18]).join(',')}}`),
      rows.map((row) => row.principal ?? null),
    ],
  );
  const ids = new Map(made.map((row) => [row.appid, row.id]));
  return rows.map((row) => ids.get(row.appid) as number);
}

export async function addMiniProgram(db: Database, platformId: number, row: MiniProgramRow): Promise<number> {
  const [id] = await addMiniProgramRows(db, platformId, [row]);
  return id as number;
}

export type Domains = Record<string, Record<string, unknown>>;

/** A body as WeChat sends it. */
export function answer(domains: Domains, extra: Record<string, unknown> = {}): Buffer {
  return Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', ...extra, ...domains }));
}

/** @param answeredAt default: at once */
export function observation(authorizerId: number, at: Date, body: Buffer, answeredAt = at): Observation {
  return { authorizerId, askedAt: at, answeredAt, body, bodyDigest: bodyDigest(body) };
}

export function minutes(count: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + count * 60_000);
}
