import { Controller } from '@nestjs/common';
import type { RetentionRunView } from '#libs/contract';
import { AppError, durationMs, durationText } from '#libs/kernel';
import { DomainRetention } from '#libs/domain-ledger';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { numericId } from './numeric-id.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class RetentionController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly retention: DomainRetention,
  ) {}

  @Endpoint('startRetention')
  start(@Input() { body }: In<'startRetention'>, @By() by: PlatformCaller): Promise<{ id: string }> {
    assertWholePlatform(by);
    const policy = { keepAllMs: spanOf('keep_all', body.keep_all), thinToMs: spanOf('thin_to', body.thin_to) };
    return this.scope.writeOnce(by, async (sql) => {
      const { platformId } = by.platform;
      const { id, isNew } = await this.retention.request(sql, platformId, policy, by.principal.actor);
      if (isNew) {
        const detail = { keep_all: durationText(policy.keepAllMs), thin_to: durationText(policy.thinToMs) };
        await this.scope.record(sql, eventOf(by, 'retention.started', `retention_run:${id}`, detail));
      }
      return { id: String(id) };
    });
  }

  @Endpoint('getRetention')
  async get(@Input() { params }: In<'getRetention'>, @By() by: PlatformCaller): Promise<RetentionRunView> {
    assertWholePlatform(by);
    const id = numericId(params.id);
    const run =
      id === null ? null : await this.scope.read(by, (sql) => this.retention.view(sql, by.platform.platformId, id));
    if (!run) throw notFound('retention run');
    return {
      id: String(run.id),
      state: run.finished ? 'done' : 'running',
      keep_all: durationText(run.keepAllMs),
      thin_to: durationText(run.thinToMs),
      total: run.total,
      examined: run.examined,
      removed: run.removed,
      started_at: run.startedAt.toISOString(),
      finished_at: run.finishedAt?.toISOString() ?? null,
    };
  }
}

function spanOf(field: string, text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    throw AppError.invalid(field, (error as Error).message);
  }
}
