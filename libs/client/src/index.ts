export { AccessTokens, type AccessTokensOptions } from './access-tokens.ts';
export {
  createWxfleetClient,
  eachItem,
  type Schemas,
  type WxfleetClient,
  type WxfleetClientOptions,
} from './client.ts';
export { events, type EventsOptions, type WxfleetEvent } from './events.ts';
export { WebhookVerificationError, verifyWebhook, type WebhookHeaders, type WebhookMessage } from './webhooks.ts';
export { WxfleetError } from './problem.ts';
export type { paths } from './generated/api.ts';
