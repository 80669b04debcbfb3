import { z } from 'zod';
import { componentAppid } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { newRelay, relayList, relayName, relayTest, relayView, storedRelay } from './relays.ts';
import { route } from './route.ts';

const RELAYS = '/v1/platforms/{component_appid}/relays';
const relayParams = z.strictObject({ component_appid: componentAppid, name: relayName });

/** Passing pushes and customers' messages on. */
export const relayRoutes = {
  putRelay: route({
    method: 'PUT',
    path: `${RELAYS}/{name}`,
    tag: 'Relays',
    summary: 'Create or change a relay',
    description:
      "At most one relay replies to a message: the first by name that matches, in mode `reply` or `raw`. All matching relays in mode `notify` get it too. The hub itself answers the messages of WeChat's publication check.",
    scope: 'relays:write',
    params: relayParams,
    body: newRelay,
    replies: { 200: { description: 'The relay', schema: storedRelay } },
  }),
  listRelays: route({
    method: 'GET',
    path: RELAYS,
    tag: 'Relays',
    summary: 'List relays',
    scope: 'relays:write',
    params: platformParams,
    replies: { 200: { description: 'The relays', schema: relayList } },
  }),
  getRelay: route({
    method: 'GET',
    path: `${RELAYS}/{name}`,
    tag: 'Relays',
    summary: 'One relay',
    scope: 'relays:write',
    params: relayParams,
    replies: { 200: { description: 'The relay', schema: relayView } },
  }),
  deleteRelay: route({
    method: 'DELETE',
    path: `${RELAYS}/{name}`,
    tag: 'Relays',
    summary: 'Remove a relay and the messages that wait for it',
    scope: 'relays:write',
    params: relayParams,
    replies: { 204: { description: 'Removed' } },
  }),
  testRelay: route({
    method: 'POST',
    path: `${RELAYS}/{name}/tests`,
    tag: 'Relays',
    summary: 'Send a test message to the backend of a relay',
    description:
      "Sends the event `debug_demo` of WeChat's documentation of message pushes. Not for mode `raw`, whose backend verifies WeChat's signature.",
    scope: 'relays:write',
    params: relayParams,
    replies: { 200: { description: 'Result of the test', schema: relayTest } },
    problems: ['conflict'],
  }),
} as const;
