/** Entries in one list of one mini program (WeChat page 'modifyServerDomain': up to 200 of each kind). */
export const LIST_LIMIT = 200;
/** Subjects for which one domain may be set by the direct way (WeChat page 'third-party platform domain configuration'). */
export const DIRECT_LIMIT = 100;
/** Edits of one mini program in a month (WeChat page 'modifyServerDomain'). */
export const EDIT_LIMIT = 50;

/** Percent of a limit at which it is worth telling. */
export type LimitLevel = 80 | 95 | 100;
const LEVELS: readonly LimitLevel[] = [100, 95, 80];

/** The highest level that a count has reached; 0: none. */
export function levelOf(count: number, limit: number): LimitLevel | 0 {
  return LEVELS.find((level) => count * 100 >= limit * level) ?? 0;
}

/** The smallest count that reaches any level. */
export function firstOfLevels(limit: number): number {
  return Math.ceil((limit * 80) / 100);
}
