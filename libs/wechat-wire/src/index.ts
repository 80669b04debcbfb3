export {
  PushCipherError,
  type PushCipherErrorCode,
  decodeAesKey,
  decryptPush,
  encryptPush,
  openPush,
  pushSignature,
  sealReply,
  verifyPushSignature,
} from './push-cipher.ts';
export {
  PushXmlError,
  type PushXmlErrorCode,
  type XmlBuild,
  type XmlFields,
  type XmlLimits,
  type XmlValue,
  buildPushXml,
  parseXml,
} from './push-xml.ts';
export {
  type AuthorizationGranted,
  type AuthorizationRevoked,
  type ComponentVerifyTicket,
  type PushEnvelope,
  type PushMessage,
  type UnknownPush,
  type UserEvent,
  type UserText,
  buildPushEnvelope,
  parsePushEnvelope,
  parsePushMessage,
} from './push-message.ts';
export {
  PUBLICATION_CHECK_APPIDS,
  type PublicationCheckStep,
  buildTextReply,
  publicationCheckStep,
} from './publication-check.ts';
export { parseLenientJson } from './lenient-json.ts';
export { type ReplyStatus, type StatusReply, replyStatus, ridOf, statusReply } from './reply.ts';
export {
  type ComponentTokenReply,
  type PreauthCodeReply,
  type QuotaReply,
  type ServerDomainListReply,
  callbackCheckReply,
  clearQuotaReply,
  componentTokenReply,
  confirmFileReply,
  jumpDomainListReply,
  platformDomains,
  preauthCodeReply,
  quotaReply,
  serverDomainListReply,
  startPushTicketReply,
} from './component.ts';
export {
  type AuthorizerInfo,
  type AuthorizerInfoReply,
  type AuthorizerListReply,
  type AuthorizerTokenReply,
  type QueryAuthReply,
  accountKind,
  authorizerInfoReply,
  authorizerListReply,
  authorizerTokenReply,
  permissionSets,
  queryAuthReply,
} from './authorizer.ts';
export {
  DOMAIN_GROUPS,
  DOMAIN_LISTS,
  type DomainGroup,
  type DomainList,
  type EffectiveDomainReply,
  type EffectiveWebviewDomainReply,
  effectiveDomainReply,
  effectiveWebviewDomainReply,
} from './effective-domain.ts';
export { type IpListReply, ipListReply } from './api-ip.ts';
export { AUTH_TYPES, type AuthType, type AuthorizationPage, authorizationPageUrl } from './authorization-page.ts';
export { EXCLUSIVE_PERMISSION_SETS, permissionSetName } from './permission-set-names.ts';
export {
  AUTHORIZER_TOKEN_PARAMETER,
  COMPONENT_TOKEN_PARAMETER,
  MAX_AUTHORIZER_LIST_COUNT,
  PATHS,
  TICKET_LIFETIME_SECONDS,
  type WechatPath,
} from './paths.ts';
export { requests } from './requests.ts';
export {
  ERRCODE,
  REFRESH_TOKEN_ERRCODES,
  SPENT_CODE_ERRCODES,
  ERRCODES,
  type ErrcodeEntry,
  type ErrcodeReaction,
  errcode,
} from './errcodes.ts';
