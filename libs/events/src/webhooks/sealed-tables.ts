/** Associated data of the secrets of an endpoint. Both have the same, so that SQL may move the one to the other. */
export function secretPlace(platformId: number, endpointId: string): string {
  return `events.webhook_endpoint.secret:${platformId}:${endpointId}`;
}

export function relaySecretPlace(platformId: number, name: string): string {
  return `events.relay.secret:${platformId}:${name}`;
}

export function relayAnswerPlace(platformId: number, messageKey: Buffer): string {
  return `events.relay_call.answer:${platformId}:${messageKey.toString('hex')}`;
}

export function relayBodyPlace(platformId: number, messageKey: Buffer, relayName: string): string {
  return `events.relay_message.body:${platformId}:${messageKey.toString('hex')}:${relayName}`;
}

type Row = Record<string, unknown>;

const endpoint = (row: Row) => secretPlace(row['platform_id'] as number, row['endpoint_id'] as string);

/** Where this library keeps sealed values, for the rotation of the master key. */
export const eventsSealedTables = [
  {
    table: 'events.webhook_endpoint',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'endpoint_id', type: 'text' },
    ],
    sealed: [
      { column: 'sealed_secret', aad: endpoint },
      { column: 'sealed_previous_secret', aad: endpoint },
    ],
  },
  {
    table: 'events.relay',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'name', type: 'text' },
    ],
    sealed: [
      {
        column: 'sealed_secret',
        aad: (row: Row) => relaySecretPlace(row['platform_id'] as number, row['name'] as string),
      },
    ],
  },
  {
    table: 'events.relay_call',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'message_key', type: 'bytea' },
    ],
    sealed: [
      {
        column: 'sealed_answer',
        aad: (row: Row) => relayAnswerPlace(row['platform_id'] as number, row['message_key'] as Buffer),
      },
    ],
  },
  {
    table: 'events.relay_message',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'message_key', type: 'bytea' },
      { column: 'relay_name', type: 'text' },
    ],
    sealed: [
      {
        column: 'sealed_body',
        aad: (row: Row) =>
          relayBodyPlace(row['platform_id'] as number, row['message_key'] as Buffer, row['relay_name'] as string),
      },
    ],
  },
] as const;
