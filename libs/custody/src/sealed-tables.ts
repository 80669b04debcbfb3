import type { SealedTable } from './master-keys/master-key-rotation.ts';
import { placeOf } from './sealed-places.ts';

const platformId = (row: Record<string, unknown>) => row.platform_id as number;
const appid = (row: Record<string, unknown>) => row.authorizer_appid as string;

/** Where this library keeps sealed values. */
export const custodySealedTables: readonly SealedTable[] = [
  {
    table: 'custody.component_account',
    key: [{ column: 'platform_id', type: 'int' }],
    sealed: [
      { column: 'sealed_appsecret', aad: (row) => placeOf.appsecret(platformId(row)) },
      { column: 'sealed_push_token', aad: (row) => placeOf.pushToken(platformId(row)) },
      { column: 'sealed_previous_push_token', aad: (row) => placeOf.pushToken(platformId(row)) },
      { column: 'sealed_aes_key', aad: (row) => placeOf.aesKey(platformId(row)) },
      { column: 'sealed_previous_aes_key', aad: (row) => placeOf.aesKey(platformId(row)) },
    ],
  },
  {
    table: 'custody.component_ticket',
    key: [{ column: 'platform_id', type: 'int' }],
    sealed: [
      { column: 'sealed_ticket', aad: (row) => placeOf.ticket(platformId(row)) },
      { column: 'sealed_working_ticket', aad: (row) => placeOf.ticket(platformId(row)) },
    ],
  },
  {
    table: 'custody.component_token',
    key: [{ column: 'platform_id', type: 'int' }],
    sealed: [{ column: 'sealed_token', aad: (row) => placeOf.componentToken(platformId(row)) }],
  },
  {
    table: 'custody.authorizer_token',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'authorizer_appid', type: 'text' },
    ],
    sealed: [
      { column: 'sealed_refresh_token', aad: (row) => placeOf.refreshToken(platformId(row), appid(row)) },
      { column: 'sealed_previous_refresh_token', aad: (row) => placeOf.refreshToken(platformId(row), appid(row)) },
      { column: 'sealed_access_token', aad: (row) => placeOf.accessToken(platformId(row), appid(row)) },
    ],
  },
];
