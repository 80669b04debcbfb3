import type { SendResult } from './http-sender.ts';
import type { DueDelivery } from './webhook-message.ts';

/** Group robots of WeCom, DingTalk and Feishu: a text message, and 200 with a code for what went wrong. */
export type DigestFormat = 'wecom' | 'dingtalk' | 'feishu';

const LISTED = 10;

/** One message for events of one type. */
export function digestBody(
  format: DigestFormat,
  componentAppid: string,
  type: string,
  events: readonly DueDelivery[],
): string {
  const content = textOf(componentAppid, type, events);
  if (format === 'feishu') return JSON.stringify({ msg_type: 'text', content: { text: content } });
  return JSON.stringify({ msgtype: 'text', text: { content } });
}

/** `errcode` (WeCom, DingTalk) or `code` (Feishu) must be 0: the status is 200 in either case. */
export function isDigestAccepted(format: DigestFormat, { status, body }: SendResult): boolean {
  if (status === null || status < 200 || status >= 300) return false;
  try {
    const answer = JSON.parse(body.toString('utf8')) as { errcode?: unknown; code?: unknown; StatusCode?: unknown };
    return format === 'feishu' ? (answer.code ?? answer.StatusCode) === 0 : answer.errcode === 0;
  } catch {
    return false;
  }
}

function textOf(componentAppid: string, type: string, events: readonly DueDelivery[]): string {
  const subjects = [...new Set(events.flatMap(({ authorizer_appid: appid }) => (appid === null ? [] : [appid])))];
  const shown = subjects.slice(0, LISTED).join('\n');
  const more = subjects.length > LISTED ? `\n… +${subjects.length - LISTED}` : '';
  return [
    `wxfleet ${componentAppid}`,
    `${type} × ${events.length}`,
    ...(events.length === 1 ? [JSON.stringify(events[0]?.data).slice(0, 500)] : []),
    ...(shown === '' ? [] : [shown + more]),
  ].join('\n');
}
