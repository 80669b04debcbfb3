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
