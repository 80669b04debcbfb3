import { PATHS } from '#libs/wechat-wire';

import type { Endpoint } from '../endpoint.ts';
import { Refusal } from '../refusal.ts';

const KEPT_MESSAGES = 1_000;

/** Customer-service messages; only text. Needs message management (1) or mini program customer service (19). */
export const messageEndpoints: readonly Endpoint[] = [
  {
    path: PATHS.sendCustomMessage,
    method: 'POST',
    token: 'authorizer',
    permissionSets: [1, 19],
    answer: (call, world) => {
      const touser = call.text('touser', 40003);
      if (call.text('msgtype', 40008) !== 'text') throw new Refusal(40008);
      const text = call.json()['text'];
      const content = typeof text === 'object' && text !== null ? (text as { content?: unknown }).content : undefined;
      if (typeof content !== 'string' || content === '') throw new Refusal(44004);
      world.customMessages.push({ appid: call.authorizerAppid, touser, content });
      if (world.customMessages.length > KEPT_MESSAGES) world.customMessages.shift();
      return { errcode: 0, errmsg: 'ok' };
    },
  },
];
