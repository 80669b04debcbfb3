export { ERROR_CODES, errorCodes, statusOf, type ErrorCode } from './error-codes.ts';
export { SCOPES, scopes, isScope, type Scope } from './scopes.ts';
export {
  CursorError,
  encodeCursor,
  decodeCursor,
  pageOf,
  type CursorPart,
  type CursorShape,
  type PartOf,
} from './cursor.ts';
