import { z } from 'zod';
import { componentAppid, issuedId, pageQuery } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';
import {
  attemptHours,
  attemptHoursFilter,
  createdWebhookEndpoint,
  deliveryDetail,
  deliveryFilter,
  deliveryPage,
  deliveryView,
  newReplay,
  newSecretRotation,
  newWebhookEndpoint,
  replayView,
  secretRotation,
  startedReplay,
  webhookEndpointPage,
  webhookEndpointPatch,
  webhookEndpointView,
  webhookTest,
} from './webhooks.ts';

const ENDPOINTS = '/v1/platforms/{component_appid}/webhook-endpoints';
const endpointParams = z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the endpoint') });
const within = (what: string) =>
  z.strictObject({
    component_appid: componentAppid,
    id: issuedId('Id of the endpoint'),
    item: issuedId(`Id of the ${what}`),
  });

/** Receivers of events, and what was sent to them. */
export const webhookRoutes = {
  createWebhookEndpoint: route({
    method: 'POST',
    path: ENDPOINTS,
    tag: 'Webhooks',
    summary: 'Create a webhook endpoint',
    description:
      'Events are sent according to Standard Webhooks 1.0: verify the signature, answer 2xx within 15 seconds, remove duplicates by ' +
      '`webhook-id`. A key that is limited to merchants creates endpoints for these merchants.',
    scope: 'webhooks:write',
    params: platformParams,
    body: newWebhookEndpoint,
    replies: { 201: { description: 'The endpoint with its secret', schema: createdWebhookEndpoint } },
  }),
  listWebhookEndpoints: route({
    method: 'GET',
    path: ENDPOINTS,
    tag: 'Webhooks',
    summary: 'List webhook endpoints',
    scope: 'webhooks:write',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: webhookEndpointPage } },
  }),
  getWebhookEndpoint: route({
    method: 'GET',
    path: `${ENDPOINTS}/{id}`,
    tag: 'Webhooks',
    summary: 'One webhook endpoint',
    scope: 'webhooks:write',
    params: endpointParams,
    replies: { 200: { description: 'The endpoint', schema: webhookEndpointView } },
  }),
  updateWebhookEndpoint: route({
    method: 'PATCH',
    path: `${ENDPOINTS}/{id}`,
    tag: 'Webhooks',
    summary: 'Change, enable or disable a webhook endpoint',
    scope: 'webhooks:write',
    params: endpointParams,
    body: webhookEndpointPatch,
    replies: { 200: { description: 'The endpoint', schema: webhookEndpointView } },
  }),
  deleteWebhookEndpoint: route({
    method: 'DELETE',
    path: `${ENDPOINTS}/{id}`,
    tag: 'Webhooks',
    summary: 'Remove a webhook endpoint and its deliveries',
    scope: 'webhooks:write',
    params: endpointParams,
    replies: { 204: { description: 'Removed' } },
  }),
  rotateWebhookSecret: route({
    method: 'POST',
    path: `${ENDPOINTS}/{id}/secret-rotations`,
    tag: 'Webhooks',
    summary: 'Replace the signing secret',
    description: 'During the overlap each request has two signatures, so the receiver may use either secret.',
    scope: 'webhooks:write',
    params: endpointParams,
    body: newSecretRotation,
    bodyOptional: true,
    replies: { 201: { description: 'The new secret', schema: secretRotation } },
  }),
  testWebhookEndpoint: route({
    method: 'POST',
    path: `${ENDPOINTS}/{id}/tests`,
    tag: 'Webhooks',
    summary: 'Send a test event now',
    description:
      'Waits up to 10 seconds for the answer of the receiver. The event has the type `webhook.test` and is not kept.',
    scope: 'webhooks:write',
    params: endpointParams,
    replies: { 200: { description: 'Result of the test', schema: webhookTest } },
  }),
  getAttemptHours: route({
    method: 'GET',
    path: `${ENDPOINTS}/{id}/attempt-hours`,
    tag: 'Webhooks',
    summary: 'Attempts of an endpoint by hour',
    description:
      'Every attempt counts in the hour in which it began: an event accepted at the third attempt counts as two failures and one success. At most 31 days per request; counts are kept for 30 days.',
    scope: 'webhooks:write',
    params: endpointParams,
    query: z.strictObject(attemptHoursFilter),
    replies: { 200: { description: 'The counts', schema: attemptHours } },
  }),
  listDeliveries: route({
    method: 'GET',
    path: `${ENDPOINTS}/{id}/deliveries`,
    tag: 'Webhooks',
    summary: 'Deliveries of an endpoint, newest first',
    scope: 'webhooks:write',
    params: endpointParams,
    query: z.strictObject(deliveryFilter),
    replies: { 200: { description: 'One page', schema: deliveryPage } },
  }),
  getDelivery: route({
    method: 'GET',
    path: `${ENDPOINTS}/{id}/deliveries/{item}`,
    tag: 'Webhooks',
    summary: 'A delivery with every attempt',
    scope: 'webhooks:write',
    params: within('delivery'),
    replies: { 200: { description: 'The delivery', schema: deliveryDetail } },
  }),
  retryDelivery: route({
    method: 'POST',
    path: `${ENDPOINTS}/{id}/deliveries/{item}/retries`,
    tag: 'Webhooks',
    summary: 'Try a delivery again now',
    description:
      'A delivery that was given up gets one more attempt. One that was delivered cannot be retried: replay its event instead.',
    scope: 'webhooks:write',
    params: within('delivery'),
    replies: { 202: { description: 'The delivery is retried', schema: deliveryView } },
    problems: ['conflict'],
  }),
  startReplay: route({
    method: 'POST',
    path: `${ENDPOINTS}/{id}/replays`,
    tag: 'Webhooks',
    summary: 'Send events again, by time or by id',
    description:
      'Runs in the background, also across restarts, and sends all matching events; `dry_run` only counts them.',
    scope: 'webhooks:write',
    params: endpointParams,
    body: newReplay,
    replies: { 202: { description: 'Started, or counted', schema: startedReplay } },
  }),
  getReplay: route({
    method: 'GET',
    path: `${ENDPOINTS}/{id}/replays/{item}`,
    tag: 'Webhooks',
    summary: 'Progress of a replay',
    scope: 'webhooks:write',
    params: within('replay'),
    replies: { 200: { description: 'The replay', schema: replayView } },
  }),
} as const;
