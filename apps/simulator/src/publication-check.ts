import { decryptPush, pushSignature } from '#libs/wechat-wire';

import type { Platform } from './platform.ts';
import { elementOf } from './push-texts.ts';
import type { Delivery } from './pusher.ts';
import type { World } from './world.ts';

/** Accounts with which WeChat checks a platform before full publication (WeChat page "publish the third-party platform"). */
export const PUBLICATION_CHECK_ACCOUNTS: readonly {
  readonly appid: string;
  readonly userName: string;
  readonly kind: 'official_account' | 'mini_program';
}[] = [
  { appid: 'wx570bc396a51b8ff8', userName: 'gh_3c884a361561', kind: 'official_account' },
  { appid: 'wx9252c5e0bb1836fc', userName: 'gh_c0f28a78b318', kind: 'official_account' },
  { appid: 'wx8e1097c5bc82cde9', userName: 'gh_3f222ed8d140', kind: 'official_account' },
  { appid: 'wx14550af28c71a144', userName: 'gh_26128078e9ab', kind: 'official_account' },
  { appid: 'wxa35b9c23cfe664eb', userName: 'gh_2b3713f184a6', kind: 'official_account' },
  { appid: 'wxd101a85aa106f53e', userName: 'gh_8dad206e9538', kind: 'mini_program' },
  { appid: 'wxc39235c15087f6f3', userName: 'gh_905ae9d01059', kind: 'mini_program' },
  { appid: 'wx7720d01d4b2a4500', userName: 'gh_393666f1fdf4', kind: 'mini_program' },
  { appid: 'wx05d483572dcd5d8b', userName: 'gh_39abb5d4e1b7', kind: 'mini_program' },
  { appid: 'wx5910277cae6fd970', userName: 'gh_7818dcb60240', kind: 'mini_program' },
];

export interface PublicationVerdict {
  /** Empty for the ticket check. */
  readonly appid: string;
  readonly check: 'ticket' | 'authorized' | 'text' | 'event' | 'query_auth_code';
  readonly ok: boolean;
  /** Why it failed; empty when it did not. */
  readonly detail: string;
}

const TEXT_PROBE = 'TESTCOMPONENT_MSG_TYPE_TEXT';
/** A user's place, in an event of official accounts: the example that integrations name. */
const EVENT_PROBE = 'LOCATION';
const PLACE: [string, string][] = [
  ['Latitude', '23.137466'],
  ['Longitude', '113.352425'],
  ['Precision', '119.385040'],
];
const OPENID = 'oPUBLICATIONCHECK0000000000';

/**
 * Runs WeChat's automatic check against a platform: the ticket push is acknowledged; the text probe is answered by an encrypted text,
 * and so is an event, by its name and `from_callback` (as public integrations do; no page says it); `QUERY_AUTH_CODE:$code` is answered empty and then by a customer-service message made with that code.
 * @param options.withinMs real milliseconds to wait for the customer-service message, default 10,000
 */
export async function checkPublication(
  world: World,
  componentAppid: string,
  options: { appids?: readonly string[]; withinMs?: number } = {},
): Promise<{ ok: boolean; verdicts: PublicationVerdict[] }> {
  const platform = world.platform(componentAppid);
  const ticket = await world.pushTicket(componentAppid);
  const verdicts: PublicationVerdict[] = [verdict('', 'ticket', ticket.ok, explain(ticket))];
  for (const { appid, userName, kind } of PUBLICATION_CHECK_ACCOUNTS) {
    if (options.appids !== undefined && !options.appids.includes(appid)) continue;
    if (world.findAccount(appid) === null) {
      if (kind === 'mini_program') world.addMiniProgram({ appid, userName });
      else world.addOfficialAccount({ appid, userName });
    }
    verdicts.push(...(await checkAccount(world, platform, appid, options.withinMs ?? 10_000)));
  }
  return { ok: verdicts.every(({ ok }) => ok), verdicts };
}

async function checkAccount(
  world: World,
  platform: Platform,
  appid: string,
  withinMs: number,
): Promise<PublicationVerdict[]> {
  const { componentAppid } = platform;
  const sets = [...new Set([...platform.permissionSets, 1, 19])];
  const granted = await world.authorize(componentAppid, appid, { permissionSets: sets }).pushed;
  const text = await world.messages.text(componentAppid, appid, TEXT_PROBE, OPENID);
  const event = await world.messages.event(componentAppid, appid, EVENT_PROBE, PLACE, OPENID);
  const textProblem = problemOfReply(world, platform, appid, text, `${TEXT_PROBE}_callback`);
  const eventProblem = problemOfReply(world, platform, appid, event, `${EVENT_PROBE}from_callback`);
  return [
    verdict(appid, 'authorized', granted === null || granted.ok, granted === null ? '' : explain(granted)),
    verdict(appid, 'text', textProblem === '', textProblem),
    verdict(appid, 'event', eventProblem === '', eventProblem),
    await checkCode(world, componentAppid, appid, withinMs),
  ];
}

async function checkCode(
  world: World,
  componentAppid: string,
  appid: string,
  withinMs: number,
): Promise<PublicationVerdict> {
  const code = world.newAuthCode(componentAppid, appid);
  const answered = await world.messages.text(componentAppid, appid, `QUERY_AUTH_CODE:${code}`, OPENID);
  if (!answered.ok || (answered.body !== '' && answered.body !== 'success'))
    return verdict(appid, 'query_auth_code', false, `not answered empty: ${explain(answered)}`);
  const expected = `${code}_from_api`;
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const sent = world.customMessages.find((message) => message.content === expected && message.touser === OPENID);
    if (sent !== undefined)
      return verdict(appid, 'query_auth_code', sent.appid === appid, 'sent with the token of another account');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return verdict(appid, 'query_auth_code', false, `no customer-service message within ${withinMs} ms`);
}

/** What is wrong with the reply to a probe that demands the text `content`; empty when nothing is. */
function problemOfReply(world: World, platform: Platform, appid: string, delivery: Delivery, content: string): string {
  if (!delivery.ok) return explain(delivery);
  const encrypt = elementOf(delivery.body, 'Encrypt');
  const timestamp = elementOf(delivery.body, 'TimeStamp');
  const nonce = elementOf(delivery.body, 'Nonce');
  if (encrypt === null || timestamp === null || nonce === null) return 'the reply is not an encrypted reply';
  if (elementOf(delivery.body, 'MsgSignature') !== pushSignature(platform.token, timestamp, nonce, encrypt))
    return 'the signature of the reply is wrong';
  let plaintext: string;
  try {
    plaintext = decryptPush(platform.aesKey, platform.componentAppid, encrypt);
  } catch (error) {
    return `the reply cannot be decrypted: ${(error as Error).message}`;
  }
  const expected: Record<string, string> = {
    ToUserName: OPENID,
    FromUserName: world.findAccount(appid)?.userName ?? '',
    MsgType: 'text',
    Content: content,
  };
  const wrong = Object.entries(expected).filter(([name, value]) => elementOf(plaintext, name) !== value);
  return wrong
    .map(([name, value]) => `${name} is ${elementOf(plaintext, name) ?? 'missing'} and not ${value}`)
    .join('; ');
}

function verdict(appid: string, check: PublicationVerdict['check'], ok: boolean, detail: string): PublicationVerdict {
  return { appid, check, ok, detail: ok ? '' : detail };
}

function explain(delivery: Delivery): string {
  return (
    delivery.error ?? `status ${delivery.status ?? 'none'} with body ${JSON.stringify(delivery.body.slice(0, 80))}`
  );
}
