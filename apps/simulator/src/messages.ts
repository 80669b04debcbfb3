import type { Delivery } from './pusher.ts';
import { pushXml } from './push-texts.ts';
import type { WorldState } from './world-state.ts';

type Elements = readonly (readonly [name: string, value: string | number])[];

/** Pushes that no change of an authorization causes: messages of users, and system events of any kind. */
export class Messages {
  readonly #state: WorldState;
  #messageId = 22_300_000_000_000_000n;

  constructor(state: WorldState) {
    this.#state = state;
  }

  /** A user writes a text to the account. */
  async text(
    componentAppid: string,
    appid: string,
    content: string,
    openid = 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  ): Promise<Delivery> {
    this.#messageId += 1n;
    return this.#send(componentAppid, appid, openid, [
      ['MsgType', 'text'],
      ['Content', content],
      ['MsgId', Number(this.#messageId)],
    ]);
  }

  /** An event on the message URL, such as `debug_demo` or `weapp_audit_success`. */
  async event(
    componentAppid: string,
    appid: string,
    event: string,
    elements: Elements = [],
    openid = 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  ): Promise<Delivery> {
    return this.#send(componentAppid, appid, openid, [['MsgType', 'event'], ['Event', event], ...elements]);
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

  async #send(componentAppid: string, appid: string, openid: string, elements: Elements): Promise<Delivery> {
    const { clock, pusher, quirks } = this.#state;
    const platform = this.#state.platform(componentAppid);
    if (platform.messagesUrl === null) throw new Error(`${componentAppid} has no message URL`);
    const userName = this.#state.findAccount(appid)?.userName ?? 'gh_000000000000';
    return pusher.deliver({
      platform,
      infoType: 'message',
      authorizerAppid: appid,
      url: platform.messagesUrl.replaceAll('$APPID$', appid),
      receiver: { ToUserName: userName },
      openid,
      plaintext: pushXml(
        [['ToUserName', userName], ['FromUserName', openid], ['CreateTime', clock.nowSeconds()], ...elements],
        quirks.pushText,
      ),
    });
  }
}
