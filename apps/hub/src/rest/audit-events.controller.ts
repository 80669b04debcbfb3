import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditChainView, AuditEventView } from '#libs/contract';
import { type Sql, Database } from '#libs/kernel';
import { AuditChain, AuditTrail } from '#libs/access';
import { streamCsv, wantsCsv } from '../http/encoding/csv.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { PlatformScope, type Portion } from './platform-scope.ts';

const CSV_COLUMNS: Record<keyof AuditEventView, (event: AuditEventView) => unknown> = {
  id: (event) => event.id,
  at: (event) => event.at,
  actor: (event) => event.actor,
  action: (event) => event.action,
  subject: (event) => event.subject,
  merchant_id: (event) => event.merchant_id,
  outcome: (event) => event.outcome,
  address: (event) => event.address,
  count: (event) => event.count,
  detail: (event) => event.detail,
};

@Controller()
export class AuditEventsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly audit: AuditTrail,
    private readonly db: Database,
    private readonly auditChain: AuditChain,
  ) {}

  /** A key that is limited to merchants reads what was done on behalf of those. */
  @Endpoint('listAuditEvents')
  list(
    @Input() { query }: In<'listAuditEvents'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { merchantIds } = by.principal;
    const read = (sql: Sql, portion: Portion) =>
      this.audit.list(sql, by.platform.platformId, { ...query, ...portion, merchantIds });
    if (!wantsCsv(request)) return this.scope.list(by, query, read);
    return streamCsv(reply, CSV_COLUMNS, this.scope.table(by, query.cursor, read, this.scope.fleet(by, reply)));
  }

  @Endpoint('checkAuditChain')
  async check(@Input() { query }: In<'checkAuditChain'>): Promise<AuditChainView> {
    const { expect_seq: seq, expect_hash: hash } = query;
    const found = await this.auditChain.verify(this.db, {
      limit: query.limit,
      cursor: query.cursor,
      expected: seq === undefined || hash === undefined ? undefined : { seq, hash },
    });
    return {
      checked: found.checked,
      problems: found.problems.map((problem) => ({
        kind: problem.kind,
        seq: problem.seq,
        until_seq: problem.untilSeq,
        event_id: problem.eventId === null ? null : String(problem.eventId),
      })),
      head: { seq: found.head.seq, hash: found.head.hash, chained_at: found.head.chainedAt.toISOString() },
      waiting: found.waiting,
      next_cursor: found.nextCursor,
    };
  }
}
