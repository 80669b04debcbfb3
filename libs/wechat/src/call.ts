import type { Secret } from '#libs/kernel';
import type { ErrcodeReaction } from '#libs/wechat-wire';
import type { ProtocolFailure, TransportFailure } from './errors.ts';

/** `interactive`: somebody waits for the answer. `background`: sweeps, refreshes ahead of time, reconciliation. */
export type CallPriority = 'interactive' | 'background';

/** On whose account a call is made, and how urgent it is. */
export interface CallContext {
  /** lane of the call: platforms share the slots fairly */
  componentAppid: string;
  /** whose quota the call uses, for calls on behalf of a merchant */
  authorizerAppid?: string;
  priority: CallPriority;
  /** gives up waiting for a slot, for a pause between attempts, or for the answer */
  signal?: AbortSignal;
}

export interface CallInfo {
  componentAppid: string;
  authorizerAppid?: string;
  path: string;
  priority: CallPriority;
}

export type CallOutcome =
  | { kind: 'ok'; durationMs: number }
  | { kind: 'api_error'; errcode: number; reaction: ErrcodeReaction; durationMs: number }
  | { kind: 'transport_error'; reason: TransportFailure; mayHaveTakenEffect: boolean; durationMs: number }
  | { kind: 'protocol_error'; reason: ProtocolFailure; status: number | null; durationMs: number };

/**
 * Sees every attempt: `before` right before it is sent (holding a slot) and may throw to refuse it, `after` exactly once
 * for each attempt that `before` let through. Synchronous: every call passes it.
 */
export abstract class CallGate {
  abstract before(call: CallInfo): void;
  abstract after(call: CallInfo, outcome: CallOutcome): void;
}

/** One request as the transport needs it. */
export interface CallRequest {
  method: 'GET' | 'POST';
  path: string;
  /** goes into the query, and nowhere else */
  token?: { parameter: string; value: Secret | string };
  /** sent as JSON; a Buffer is sent as it is */
  body?: object | Buffer;
  /** values inside the body that must never be seen in an error; with them errors keep nothing that could be a token */
  secrets?: readonly (Secret | string)[];
  /** the success body of this call holds tokens: keep nothing of it in errors that could be one */
  repliesWithSecrets?: boolean;
  /** whether asking twice does no more than asking once */
  idempotent: boolean;
}

/** The plain text of a token or secret, for the moment it is put on the wire. */
export function revealed(value: Secret | string): string {
  return typeof value === 'string' ? value : value.reveal();
}
