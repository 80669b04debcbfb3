export {
  type CallContext,
  CallGate,
  type CallInfo,
  type CallOutcome,
  type CallPriority,
  type CallRequest,
} from './call.ts';
export {
  type ProtocolFailure,
  type TransportFailure,
  WechatApiError,
  WechatError,
  type WechatErrorCode,
  WechatProtocolError,
  WechatTransportError,
} from './errors.ts';
export { WechatModule } from './wechat.module.ts';
export { WechatOptions, WechatTransport } from './transport.ts';
export type { JsonReply } from './reading.ts';
export { Lanes, type LanesOptions } from './lanes.ts';
export { type RetryDecision, retryDecision } from './retry.ts';
export {
  type AuthorizerDetails,
  type AuthorizerGrant,
  type AuthorizerListPage,
  ComponentApi,
  type IssuedToken,
  type CallbackView,
  type ConfirmFile,
  type ServerDomainLists,
} from './component-api.ts';
export { MiniProgramApi, readEffectiveDomain } from './mini-program-api.ts';
export { ApiIpApi } from './api-ip-api.ts';
