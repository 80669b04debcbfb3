import type { Call } from './call.ts';
import type { World } from './world.ts';

/** A ready JSON text, or an object that becomes one. */
export type Answer = string | Record<string, unknown>;

/** One call of WeChat's API. */
export interface Endpoint {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** Kind of access token it demands; `none` where a secret in the body proves the caller. */
  readonly token: 'none' | 'component' | 'authorizer' | 'either';
  /** Any of these must be granted, else 61007. */
  readonly permissionSets?: readonly number[];
  readonly answer: (call: Call, world: World) => Answer;
}
