import { Controller } from '@nestjs/common';
import { decodeCursor, pageOf, type PushView, type RefusedPushView } from '#libs/contract';
import { PushArchive, PushDispatcher, RefusedPushes, type PushRow } from '#libs/inbox';
import { AppError } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { numericId } from './numeric-id.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class PushesController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly dispatcher: PushDispatcher,
    private readonly pushArchive: PushArchive,
    private readonly refusedPushes: RefusedPushes,
  ) {}

  @Endpoint('listPushes')
  async list(@Input() { query }: In<'listPushes'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    const before = query.cursor === undefined ? undefined : decodeCursor('pushes', query.cursor, ['number'])[0];
    const rows = await this.scope.read(by, (sql) =>
      this.pushArchive.list(sql, by.platform.platformId, {
        limit: query.limit + 1,
        ...(query.state === undefined ? {} : { state: query.state }),
        ...(query.authorizer_appid === undefined ? {} : { authorizerAppid: query.authorizer_appid }),
        ...(before === undefined ? {} : { before }),
      }),
    );
    return pageOf('pushes', rows, query.limit, viewOf, (row) => [row.pushId]);
  }

  /** The database shows the transaction the pushes of this platform only. */
  @Endpoint('getPushBacklog')
  async backlog(@By() by: PlatformCaller) {
    assertWholePlatform(by);
    const { pending, oldestSeconds, failed } = await this.scope.read(by, (sql) => this.pushArchive.backlog(sql));
    return { pending, oldest_seconds: oldestSeconds, failed };
  }

  @Endpoint('listRefusedPushes')
  async refused(@By() by: PlatformCaller): Promise<{ items: RefusedPushView[] }> {
    assertWholePlatform(by);
    const refused = await this.scope.read(by, (sql) => this.refusedPushes.list(sql, by.platform.platformId));
    return { items: refused.map(({ refusedAt, ...rest }) => ({ at: refusedAt.toISOString(), ...rest })) };
  }

  @Endpoint('replayPush')
  async replay(@Input() { params }: In<'replayPush'>, @By() by: PlatformCaller): Promise<{ id: string }> {
    assertWholePlatform(by);
    const id = numericId(params.id);
    if (id === null) throw notFound('push');
    const event = (action: string) => eventOf(by, action, `push:${id}`);
    await this.scope.withAudit(
      by,
      { asked: event('push.replay_asked'), done: () => event('push.replayed'), failed: event('push.replayed') },
      async () => {
        const outcome = await this.dispatcher.replay(by.platform.platformId, id);
        if (outcome === 'not_found') throw notFound('push');
        if (outcome === 'not_replayable') {
          throw new AppError('conflict', 'the push was already processed and its content deleted');
        }
      },
    );
    return { id: String(id) };
  }
}

function viewOf(row: PushRow): PushView {
  const { failure } = row;
  return {
    id: String(row.pushId),
    info_type: row.infoType,
    authorizer_appid: row.authorizerAppid === '' ? null : row.authorizerAppid,
    state: row.state,
    wechat_created_at: row.wechatCreatedAt.toISOString(),
    received_at: row.receivedAt.toISOString(),
    handled_at: row.handledAt?.toISOString() ?? null,
    attempts: row.attempts,
    failure: failure && { code: textOf(failure['code']), message: textOf(failure['message']) ?? 'failed' },
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
