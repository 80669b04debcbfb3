export type PushFaultKind = 'duplicate' | 'delay' | 'reorder' | 'drop' | 'badSignature' | 'wrongKey' | 'wrongReceiveId';

/** A fault of pushes. Absent parts of `match` match everything. */
export interface PushFaultRule {
  readonly match?: { readonly componentAppid?: string; readonly authorizerAppid?: string; readonly infoType?: string };
  readonly kind: PushFaultKind;
  /** How many pushes it hits; absent: every one until it is removed. */
  readonly times?: number;
  /** Share of matching pushes that it hits; default 1. */
  readonly probability?: number;
  /** For `delay`; real milliseconds, default 1,000. */
  readonly delayMs?: number;
  /** For `duplicate`; how often the same bytes are sent in all, default 2. */
  readonly copies?: number;
}

export type PushFault = PushFaultRule & { readonly id: number; hits: number };

/** Scripted faults on the way from WeChat to the platform; the first rule that matches is taken. */
export class PushFaults {
  readonly #rules: PushFault[] = [];
  #nextId = 1;

  add(rule: PushFaultRule): PushFault {
    const fault = { ...rule, id: this.#nextId++, hits: 0 };
    this.#rules.push(fault);
    return fault;
  }

  remove(id: number): void {
    const index = this.#rules.findIndex((rule) => rule.id === id);
    if (index >= 0) this.#rules.splice(index, 1);
  }

  clear(): void {
    this.#rules.length = 0;
  }

  get rules(): readonly PushFault[] {
    return this.#rules;
  }

  take(push: { platform: { componentAppid: string }; authorizerAppid: string; infoType: string }): PushFault | null {
    for (const rule of this.#rules) {
      const { match = {} } = rule;
      if (match.componentAppid !== undefined && match.componentAppid !== push.platform.componentAppid) continue;
      if (match.authorizerAppid !== undefined && match.authorizerAppid !== push.authorizerAppid) continue;
      if (match.infoType !== undefined && match.infoType !== push.infoType) continue;
      if (rule.times !== undefined && rule.hits >= rule.times) continue;
      if (rule.probability !== undefined && Math.random() >= rule.probability) continue;
      rule.hits += 1;
      return rule;
    }
    return null;
  }
}
