/** Associated data of the secrets of an endpoint. Both have the same, so that SQL may move the one to the other. */
export function secretPlace(platformId: number, endpointId: string): string {
  return `events.webhook_endpoint.secret:${platformId}:${endpointId}`;
}

export function relaySecretPlace(platformId: number, name: string): string {
  return `events.relay.secret:${platformId}:${name}`;
}

const endpoint = (row: Record<string, unknown>) =>
  secretPlace(row['platform_id'] as number, row['endpoint_id'] as string);

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
] as const;
