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
      'Events are sent as Standard Webhooks 1.0 says: verify the signature, answer 2xx within 15 seconds, remove duplicates by ' +
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
    description: 'Requests have two signatures for as long as the overlap lasts; a receiver may know either secret.',
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
    replies: { 200: { description: 'What came of it', schema: webhookTest } },
  }),
  getAttemptHours: route({
    method: 'GET',
    path: `${ENDPOINTS}/{id}/attempt-hours`,
    tag: 'Webhooks',
    summary: 'Attempts of an endpoint by hour',
    description:
      'Every attempt counts in the hour in which it began: an event that was accepted at the third attempt is two failures and a ' +
      'success. Up to 31 days at once; kept for 30 days.',
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
      'Also one that was given up, which then has one more attempt. What was delivered cannot be retried: replay it.',
    scope: 'webhooks:write',
    params: within('delivery'),
    replies: { 202: { description: 'It is tried again', schema: deliveryView } },
    problems: ['conflict'],
  }),
  startReplay: route({
    method: 'POST',
    path: `${ENDPOINTS}/{id}/replays`,
    tag: 'Webhooks',
    summary: 'Send events again, by time or by id',
    description: 'Goes on in the background, also after a restart, and sends all that match; `dry_run` only counts.',
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
