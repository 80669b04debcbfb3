import { z } from 'zod';

/**
 * What every reply has in common. Business failures come as HTTP 200 with a non-zero `errcode`; success bodies of the
 * token family carry none at all, so a missing one means 0.
 */
export interface ReplyStatus {
  errcode: number;
  errmsg: string;
}

/** Status of a parsed body, or null when the body is no JSON object or its errcode no whole number. */
export function replyStatus(body: unknown): ReplyStatus | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { errcode, errmsg } = body as { errcode?: unknown; errmsg?: unknown };
  const code = errcode === undefined || errcode === null ? 0 : wholeNumber(errcode);
  if (code === null) return null;
  return { errcode: code, errmsg: typeof errmsg === 'string' ? errmsg : '' };
}

function wholeNumber(value: unknown): number | null {
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/**
 * Request id at the end of an `errmsg`, for a question to WeChat (`/cgi-bin/openapi/rid/get`): `rid: x-x-x` with three
 * groups of hex digits today, `hint: [x]` in older answers. Null when there is none.
 */
export function ridOf(errmsg: string): string | null {
  const tail = /\brid: ?([0-9a-f]{6,8}(?:-[0-9a-f]{6,8}){2})/i.exec(errmsg) ?? /\bhint: ?\[([^\]\s]+)\]/.exec(errmsg);
  return tail?.[1] ?? null;
}

/** A number of WeChat's: a JSON number, or the same digits as text. */
export const numeric = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
]);

/** A token that may be missing; WeChat also sends empty text or null for that. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

export const statusFields = { errcode: numeric.optional(), errmsg: z.string().optional() };

/** `{errcode, errmsg}` and whatever else came. */
export const statusReply = z.looseObject(statusFields);
export type StatusReply = z.infer<typeof statusReply>;
