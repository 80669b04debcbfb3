/**
 * `doneTwice`: the call takes effect twice, as behind a gateway that repeats it, and the second answer is given.
 * `repliedTwice`: the bytes of the answer come twice. `altered`: a text in the body is replaced, for odd replies as they occur.
 */
export const CALL_FAULT_KINDS = [
  'errcode',
  'slow',
  'reset',
  'hang',
  'html',
  'halfBody',
  'notJson',
  'replyLostAfterEffect',
  'doneTwice',
  'repliedTwice',
  'altered',
] as const;
export type CallFaultKind = (typeof CALL_FAULT_KINDS)[number];

/** What one fault does to one call. */
export interface CallFaultEffect {
  readonly kind: CallFaultKind;
  /** For `errcode`. */
  readonly errcode?: number;
  /** Real milliseconds before the answer; for `slow`, and allowed with every other kind. */
  readonly delayMs?: number;
  /** HTTP status; for `html`, default 502. */
  readonly status?: number;
  /** For `altered`: each first text of the body is replaced by the second, at its first occurrence. */
  readonly replace?: readonly (readonly [string, string])[];
}

/** A scripted fault. Absent parts of `match` match everything; a path may end in `*`. */
export interface CallFaultRule extends CallFaultEffect {
  readonly match?: { readonly path?: string; readonly componentAppid?: string; readonly authorizerAppid?: string };
  /** How many calls it hits; absent: every one until it is removed. */
  readonly times?: number;
  /** How many matching calls pass before it begins. */
  readonly after?: number;
  /** Share of matching calls that it hits; default 1. */
  readonly probability?: number;
}

export type CallFault = CallFaultRule & { readonly id: number; hits: number; seen: number };

interface Subject {
  readonly path: string;
  readonly componentAppid: string;
  readonly authorizerAppid: string;
}

/** Scripted faults of calls; the first rule that matches is taken. */
export class CallFaults {
  readonly #rules: CallFault[] = [];
  #nextId = 1;

  add(rule: CallFaultRule): CallFault {
    const fault = { ...rule, id: this.#nextId++, hits: 0, seen: 0 };
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

  get rules(): readonly CallFault[] {
    return this.#rules;
  }

  take(call: Subject): CallFaultEffect | null {
    for (const rule of this.#rules) {
      if (!matches(rule, call)) continue;
      rule.seen += 1;
      if (rule.seen <= (rule.after ?? 0)) continue;
      if (rule.times !== undefined && rule.hits >= rule.times) continue;
      if (rule.probability !== undefined && Math.random() >= rule.probability) continue;
      rule.hits += 1;
      return rule;
    }
    return null;
  }
}

function matches({ match = {} }: CallFaultRule, call: Subject): boolean {
  if (match.path !== undefined) {
    const fits = match.path.endsWith('*') ? call.path.startsWith(match.path.slice(0, -1)) : call.path === match.path;
    if (!fits) return false;
  }
  if (match.componentAppid !== undefined && match.componentAppid !== call.componentAppid) return false;
  return match.authorizerAppid === undefined || match.authorizerAppid === call.authorizerAppid;
}
