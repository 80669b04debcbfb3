import { Injectable } from '@nestjs/common';
import type { RelayView } from '#libs/contract';
import { AppError, Database, Sealer, type Sql } from '#libs/kernel';
import { EventsOptions } from '../events-options.ts';
import { HttpSender } from '../webhooks/http-sender.ts';
import { newSigningSecret, signedHeaders } from '../webhooks/signing.ts';
import { TargetPolicy } from '../webhooks/target-policy.ts';
import { attemptOf } from '../webhooks/webhook-endpoints.ts';
import { relaySecretPlace } from '../webhooks/sealed-tables.ts';
import { relayBodyOf } from './relay-message.ts';
import { replyXmlOf } from './relay-reply.ts';

/** NOTIFY with the id of a platform whose relays have changed. */
export const RELAYS_CHANNEL = 'wxfleet_relays';

export type NewRelay = Pick<RelayView, 'url' | 'source' | 'match' | 'mode' | 'enabled'> & { deadlineMs: number };

interface RelayRow {
  name: string;
  url: string;
  source: RelayView['source'];
  match: RelayView['match'];
  mode: RelayView['mode'];
  deadline_ms: number;
  enabled: boolean;
  waiting: number;
  created_at: Date;
}

const COLUMNS = 'r.name, r.url, r.source, r.match, r.mode, r.deadline_ms, r.enabled, r.created_at';
const MAX_RELAYS = 20;

/** Relays as their owners see them. */
@Injectable()
export class Relays {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly policy: TargetPolicy,
    private readonly sender: HttpSender,
    private readonly options: EventsOptions,
  ) {}

  /** @throws AppError invalid_request; before a transaction, since it asks the name server */
  async assertTarget(url: string): Promise<void> {
    await this.policy.assertAllowed(url);
  }

  /** Creates or changes. @returns with the secret when the relay is new */
  async put(
    sql: Sql,
    platformId: number,
    name: string,
    input: NewRelay,
    by: string,
  ): Promise<{ view: RelayView; secret: string | null }> {
    const values = [
      platformId,
      name,
      input.url,
      input.source,
      JSON.stringify(input.match),
      input.mode,
      input.deadlineMs,
      input.enabled,
    ];
    const changed = await sql.run(
      `UPDATE events.relay SET url = $3, source = $4, match = $5, mode = $6, deadline_ms = $7, enabled = $8
        WHERE platform_id = $1 AND name = $2`,
      values,
    );
    let secret: string | null = null;
    if (changed === 0) {
      if ((await this.list(sql, platformId)).length >= MAX_RELAYS) {
        throw new AppError('conflict', `at most ${MAX_RELAYS} relays of one platform`);
      }
      secret = newSigningSecret('v1').secret;
      await sql.run(
        `INSERT INTO events.relay (platform_id, name, url, source, match, mode, deadline_ms, enabled, sealed_secret, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [...values, this.sealer.seal(secret, relaySecretPlace(platformId, name)), by],
      );
    }
    await this.db.notify(RELAYS_CHANNEL, String(platformId), sql);
    const view = await this.get(sql, platformId, name);
    if (!view) throw new Error('the relay that was just written is not visible');
    return { view, secret };
  }

  async list(sql: Sql, platformId: number): Promise<RelayView[]> {
    const rows = await sql.query<RelayRow>(
      `SELECT ${COLUMNS} FROM events.relay r WHERE r.platform_id = $1 ORDER BY r.name`,
      [platformId],
    );
    return this.withWaiting(platformId, rows);
  }

  async get(sql: Sql, platformId: number, name: string): Promise<RelayView | null> {
    const rows = await sql.query<RelayRow>(
      `SELECT ${COLUMNS} FROM events.relay r WHERE r.platform_id = $1 AND r.name = $2`,
      [platformId, name],
    );
    return (await this.withWaiting(platformId, rows))[0] ?? null;
  }

  async remove(sql: Sql, platformId: number, name: string): Promise<boolean> {
    const removed = await sql.run('DELETE FROM events.relay WHERE platform_id = $1 AND name = $2', [platformId, name]);
    if (removed > 0) await this.db.notify(RELAYS_CHANNEL, String(platformId), sql);
    return removed > 0;
  }

  /** Sends a `debug_demo` now. Call it for a relay that the caller sees. @throws AppError conflict for mode raw */
  async test(platformId: number, componentAppid: string, name: string) {
    const [row] = await this.db.query<{
      url: string;
      mode: RelayView['mode'];
      deadline_ms: number;
      sealed_secret: Buffer;
      now: Date;
    }>(
      `SELECT url, mode, deadline_ms, sealed_secret, wxfleet.now() AS now FROM events.relay WHERE platform_id = $1 AND name = $2`,
      [platformId, name],
    );
    if (!row) return null;
    if (row.mode === 'raw')
      throw new AppError('conflict', 'the backend of a raw relay checks the signature of WeChat: it cannot be tested');
    const seconds = Math.floor(row.now.getTime() / 1000);
    const names = { toUserName: 'gh_test', fromUserName: 'openid_test' };
    const body = relayBodyOf({
      componentAppid,
      authorizerAppid: null,
      merchantId: null,
      receivedAt: row.now,
      plaintext: `<xml><ToUserName><![CDATA[${names.toUserName}]]></ToUserName><FromUserName><![CDATA[${names.fromUserName}]]></FromUserName><CreateTime>${seconds}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[debug_demo]]></Event><debug_str><![CDATA[hello world]]></debug_str></xml>`,
    });
    const secret = this.sealer.open(row.sealed_secret, relaySecretPlace(platformId, name));
    const timeoutMs = Math.min(row.deadline_ms, this.options.testTimeoutMs);
    const result = await this.sender.post({
      url: row.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': this.options.userAgent,
        'wxfleet-reply-by': String(Date.now() + timeoutMs),
        ...signedHeaders([secret], `test_${componentAppid}_${seconds}`, seconds, body),
      },
      body,
      timeoutMs,
      keepBytes: this.options.relayReplyBytes,
    });
    const delivered = result.status !== null && result.status >= 200 && result.status < 300;
    const { response_excerpt: _, address: __, ...attempt } = attemptOf(result);
    return {
      ...attempt,
      delivered,
      reply: delivered && !result.isCut ? replyXmlOf(result.body, names, seconds) : null,
    };
  }

  /** Counted by the hub itself: callers have no way to the messages. */
  private async withWaiting(platformId: number, rows: readonly RelayRow[]): Promise<RelayView[]> {
    if (rows.length === 0) return [];
    const counts = await this.db.query<{ name: string; n: number }>(
      'SELECT relay_name AS name, count(*) AS n FROM events.relay_message WHERE platform_id = $1 GROUP BY 1',
      [platformId],
    );
    return rows.map((row) => ({
      name: row.name,
      url: row.url,
      source: row.source,
      match: row.match,
      mode: row.mode,
      deadline_ms: row.deadline_ms,
      enabled: row.enabled,
      waiting: counts.find(({ name }) => name === row.name)?.n ?? 0,
      created_at: row.created_at.toISOString(),
    }));
  }
}
