import { ACCOUNT_EVENTS, type AccountEvent } from './account-events.ts';
import type { Delivery, Push } from './pusher.ts';
import { type Elements, pushXml } from './push-texts.ts';
import type { WorldState } from './world-state.ts';

/** Who writes unless told otherwise. */
const SOMEBODY = 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY';

/** Pushes that no change of an authorization causes: messages of users, and system events of any kind. */
export class Messages {
  readonly #state: WorldState;
  /** After a restart others than before: a receiver may know them for a day. */
  #messageId = 22_300_000_000_000_000n + BigInt(Date.now());

  constructor(state: WorldState) {
    this.#state = state;
  }

  /** A user writes a text to the account; one delivery, whatever is answered. */
  async text(componentAppid: string, appid: string, content: string, openid = SOMEBODY): Promise<Delivery> {
    return this.#state.pusher.deliver(this.#textOf(componentAppid, appid, content, openid));
  }

  /** The same as WeChat does it: up to three deliveries with the same MsgId, until one is answered. */
  async say(componentAppid: string, appid: string, content: string, openid = SOMEBODY): Promise<Delivery[]> {
    return this.#state.pusher.deliverMessage(this.#textOf(componentAppid, appid, content, openid));
  }

  /** An event on the message URL, such as `debug_demo`; one delivery. */
  async event(
    componentAppid: string,
    appid: string,
    event: string,
    elements: Elements = [],
    openid = SOMEBODY,
  ): Promise<Delivery> {
    return this.#state.pusher.deliver(this.#eventOf(componentAppid, appid, event, elements, openid));
  }

  /** A result of WeChat's about the account, `elements` in place of the sample's; repeated like every message. */
  async tell(
    componentAppid: string,
    appid: string,
    event: AccountEvent,
    elements?: Elements,
    openid = SOMEBODY,
  ): Promise<Delivery[]> {
    const about = {
      appid,
      nickName: this.#state.findAccount(appid)?.nickName ?? appid,
      now: this.#state.clock.nowSeconds(),
    };
    const given = elements ?? ACCOUNT_EVENTS[event](about);
    return this.#state.pusher.deliverMessage(this.#eventOf(componentAppid, appid, event, given, openid));
  }

  /** Any `InfoType` on the event URL, known or not. `createTime` is in Unix seconds. */
  async info(
    componentAppid: string,
    infoType: string,
    elements: Elements = [],
    options: { createTime?: number; authorizerAppid?: string } = {},
  ): Promise<Delivery> {
    const { clock, pusher, quirks } = this.#state;
    const platform = this.#state.platform(componentAppid);
    return pusher.deliver({
      platform,
      infoType,
      authorizerAppid: options.authorizerAppid ?? '',
      url: platform.eventsUrl,
      receiver: { AppId: componentAppid },
      plaintext: pushXml(
        [
          ['AppId', componentAppid],
          ['CreateTime', options.createTime ?? clock.nowSeconds()],
          ['InfoType', infoType],
          ...elements,
        ],
        quirks.pushText,
      ),
    });
  }

  #textOf(componentAppid: string, appid: string, content: string, openid: string): Push {
    this.#messageId += 1n;
    return this.#push(componentAppid, appid, 'text', openid, [
      ['MsgType', 'text'],
      ['Content', content],
      ['MsgId', this.#messageId],
    ]);
  }

  #eventOf(componentAppid: string, appid: string, event: string, elements: Elements, openid: string): Push {
    return this.#push(componentAppid, appid, event, openid, [['MsgType', 'event'], ['Event', event], ...elements]);
  }

  #push(componentAppid: string, appid: string, about: string, openid: string, elements: Elements): Push {
    const { clock, quirks } = this.#state;
    const platform = this.#state.platform(componentAppid);
    if (platform.messagesUrl === null) throw new Error(`${componentAppid} has no message URL`);
    const userName = this.#state.findAccount(appid)?.userName ?? 'gh_000000000000';
    return {
      platform,
      infoType: 'message',
      authorizerAppid: appid,
      about,
      url: platform.messagesUrl.replaceAll('$APPID$', appid),
      receiver: { ToUserName: userName },
      openid,
      plaintext: pushXml(
        [['ToUserName', userName], ['FromUserName', openid], ['CreateTime', clock.nowSeconds()], ...elements],
        quirks.pushText,
      ),
    };
  }
}
