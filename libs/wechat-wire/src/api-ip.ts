import { z } from 'zod';

/**
 * Pages "getApiDomainIp" and "getCallbackIp": single addresses in today's samples, networks such as `101.226.103.0/25` in
 * older ones and in live answers, with repetitions. A success carries no errcode. One table writes "string" for the list. Read
 * element by element: an odd one must not hide the others.
 */
export const ipListReply = z.looseObject({
  ip_list: z.unknown().transform((list, context): string[] => {
    const elements =
      typeof list === 'string'
        ? list.split(/[;,\s]+/)
        : typeof list === 'object' && list !== null
          ? Object.values(list)
          : null;
    if (elements) return elements.map(textOf);
    context.addIssue({ code: 'custom', message: 'must be a list' });
    return z.NEVER;
  }),
});

/** '' for what is null; anything else that is no text as JSON, which no reader takes for an address. */
function textOf(element: unknown): string {
  if (typeof element === 'string') return element;
  return element === null ? '' : JSON.stringify(element);
}
export type IpListReply = z.infer<typeof ipListReply>;
