/**
 * Associated data of every sealed value of this library: schema, table, kind of value, platform, row. A sealed value that
 * is copied to another row, table or kind does not open. The current and the previous value of one kind share a place, so
 * that SQL may move the one to the other without opening it.
 */
export const sealContext = {
  appsecret: (platformId: number) => `custody.component_account.appsecret:${platformId}:`,
  pushToken: (platformId: number) => `custody.component_account.push_token:${platformId}:`,
  aesKey: (platformId: number) => `custody.component_account.aes_key:${platformId}:`,
  ticket: (platformId: number) => `custody.component_ticket.ticket:${platformId}:`,
  componentToken: (platformId: number) => `custody.component_token.token:${platformId}:`,
  refreshToken: (platformId: number, authorizerAppid: string) =>
    `custody.authorizer_token.refresh_token:${platformId}:${authorizerAppid}`,
  accessToken: (platformId: number, authorizerAppid: string) =>
    `custody.authorizer_token.access_token:${platformId}:${authorizerAppid}`,
} as const;
