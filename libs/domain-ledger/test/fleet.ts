import type { Database } from '#libs/kernel';
import { bodyDigest, type Observation } from '../src/index.ts';

/** An authorizer row as the ledger needs it, made without the library that owns it (specs of equal rank). */
export async function addMiniProgram(
  db: Database,
  platformId: number,
  input: {
    appid: string;
    slot?: number;
    merchantId?: string | null;
    state?: string;
    sets?: number[];
    principal?: string;
    kind?: string;
  },
): Promise<number> {
  if (input.merchantId) {
    await db.run(
      `INSERT INTO authorizers.merchant (platform_id, merchant_id, name) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING`,
      [platformId, input.merchantId],
    );
  }
  const [row] = await db.query<{ id: number }>(
    `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, merchant_id, state, kind, permission_sets, principal_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING authorizer_id AS id`,
    [
      platformId,
      input.appid,
      input.slot ?? 0,
      input.merchantId ?? null,
      input.state ?? 'authorized',
      input.kind ?? 'mini_program',
      input.sets ?? [18],
      input.principal ?? null,
    ],
  );
  return (row as { id: number }).id;
}

export type Domains = Record<string, Record<string, unknown>>;

/** A body as WeChat sends it. */
export function answer(domains: Domains, extra: Record<string, unknown> = {}): Buffer {
  return Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', ...extra, ...domains }));
}

export function observation(authorizerId: number, at: Date, body: Buffer): Observation {
  return { authorizerId, observedAt: at, body, bodyDigest: bodyDigest(body) };
}

export function minutes(count: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + count * 60_000);
}
