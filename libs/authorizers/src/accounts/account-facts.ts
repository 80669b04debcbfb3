import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#libs/access';
import type { EventData } from '#libs/contract';
import { EventWriter, type NewEvent } from '#libs/events';
import type { Sql } from '#libs/kernel';

/** How a fact about an authorization became known. */
export type KnownBy = EventData['authorization.granted']['by'];

/** An account whose authorization has changed. */
export interface GrantFact {
  authorizerAppid: string;
  merchantId: string | null;
  permissionSets: readonly number[];
  previousPermissionSets: readonly number[];
  by: KnownBy;
  /** WeChat's time, where there is one. */
  at?: Date | null;
}

type GrantType = 'authorization.granted' | 'authorization.updated' | 'authorization.revoked';

/** Tells what happened to an account: in the audit trail and in the change feed, in the transaction of the fact. */
@Injectable()
export class AccountFacts {
  constructor(
    private readonly audit: AuditTrail,
    private readonly events: EventWriter,
  ) {}

  granted(sql: Sql, platformId: number, ...facts: readonly GrantFact[]): Promise<void> {
    return this.tell(sql, platformId, 'authorization.granted', facts);
  }

  /** The permission sets of an account that stays authorized are others now. */
  updated(sql: Sql, platformId: number, ...facts: readonly GrantFact[]): Promise<void> {
    return this.tell(sql, platformId, 'authorization.updated', facts);
  }

  revoked(sql: Sql, platformId: number, ...facts: readonly GrantFact[]): Promise<void> {
    return this.tell(sql, platformId, 'authorization.revoked', facts);
  }

  /**
   * An account was given to another merchant. For each of the two an event of its own, because a key limited to one of them
   * reads what concerns that one, and not whose the account was or became.
   */
  async assigned(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    change: { from: string | null; to: string | null },
    cause: { actor: string; address?: string; linkId?: string },
  ): Promise<void> {
    const { from, to } = change;
    const { actor, address, linkId } = cause;
    const common = {
      platformId,
      actor,
      ...(address === undefined ? {} : { address }),
      subject: `authorizer:${authorizerAppid}`,
    };
    const link = linkId === undefined ? {} : { link: linkId };
    const events: NewEvent[] = [];
    const isMoved = from !== to;
    if (isMoved && from !== null) {
      const detail = { merchant_id: from, ...link };
      await this.audit.record(sql, { ...common, action: 'authorizer.unassigned', merchantId: from, detail });
      events.push({
        platformId,
        type: 'authorizer.assigned',
        authorizerAppid,
        merchantId: from,
        data: { from, to: null },
      });
    }
    const detail = { merchant_id: to, ...link };
    await this.audit.record(sql, { ...common, action: 'authorizer.assigned', merchantId: to, detail });
    if (isMoved && to !== null) {
      events.push({
        platformId,
        type: 'authorizer.assigned',
        authorizerAppid,
        merchantId: to,
        data: { from: null, to },
      });
    }
    await this.events.write(sql, events);
  }

  /** A link would have moved an account out of the reach of the person that made it. */
  async assignmentRefused(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    link: { linkId: string; merchantId: string },
  ): Promise<void> {
    await this.audit.record(sql, {
      platformId,
      merchantId: link.merchantId,
      actor: 'wechat',
      action: 'authorizer.assignment_refused',
      subject: `authorizer:${authorizerAppid}`,
      outcome: 'forbidden',
      detail: { link: link.linkId, merchant_id: link.merchantId },
    });
  }

  private async tell(sql: Sql, platformId: number, type: GrantType, facts: readonly GrantFact[]): Promise<void> {
    const events: NewEvent[] = [];
    for (const { authorizerAppid, merchantId, permissionSets, previousPermissionSets, by, at } of facts) {
      const about = { platformId, authorizerAppid, merchantId, occurredAt: at ?? null };
      const sets = [...permissionSets];
      const previous = [...previousPermissionSets];
      const data = { permission_sets: sets, previous_permission_sets: previous, by };
      events.push({ ...about, type, data });
      if (type !== 'authorization.revoked' && previous.length > 0) {
        for (const id of sets.filter((set) => !previous.includes(set))) {
          events.push({
            ...about,
            type: 'permission_set.granted',
            data: { permission_set_id: id, still_granted: sets },
          });
        }
        for (const id of previous.filter((set) => !sets.includes(set))) {
          events.push({ ...about, type: 'permission_set.lost', data: { permission_set_id: id, still_granted: sets } });
        }
      }
      await this.audit.record(sql, {
        platformId,
        merchantId,
        actor: by === 'reconciliation' ? 'system' : 'wechat',
        action: type,
        subject: `authorizer:${authorizerAppid}`,
        detail: data,
      });
    }
    await this.events.write(sql, events);
  }
}
