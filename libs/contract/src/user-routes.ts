import { z } from 'zod';
import {
  erasure,
  meView,
  newFirstOperator,
  newSession,
  newUser,
  userPage,
  userPatch,
  userView,
  username,
} from './access.ts';
import { pageQuery } from './fields.ts';
import { route } from './route.ts';

const TAG = 'Users';

/** Console users and their sessions. */
export const userRoutes = {
  createSession: route({
    method: 'POST',
    path: '/v1/sessions',
    tag: TAG,
    summary: 'Log in',
    description: 'Sets an HttpOnly, SameSite=Strict cookie. Failed logins are throttled with an increasing delay.',
    scope: 'public',
    body: newSession,
    replies: { 201: { description: 'Logged in', schema: meView, headers: { 'Set-Cookie': 'Session cookie' } } },
    problems: ['unauthenticated', 'forbidden'],
  }),
  deleteSession: route({
    method: 'DELETE',
    path: '/v1/sessions/current',
    tag: TAG,
    summary: 'Log out',
    scope: 'any',
    replies: { 204: { description: 'Logged out in all processes' } },
    problems: ['not_found'],
  }),
  getMe: route({
    method: 'GET',
    path: '/v1/me',
    tag: TAG,
    summary: 'Get the current caller and its scopes',
    scope: 'any',
    replies: { 200: { description: 'The caller', schema: meView } },
  }),
  createFirstOperator: route({
    method: 'POST',
    path: '/v1/sign-ups',
    tag: TAG,
    summary: 'Make the first operator of an empty installation',
    description:
      'Needs the token of the link that the hub prints at startup while there are no users and no platform keys. The token works once, within 24 hours.',
    scope: 'public',
    body: newFirstOperator,
    replies: { 201: { description: 'The operator', schema: userView } },
    problems: ['not_found', 'forbidden'],
  }),
  createUser: route({
    method: 'POST',
    path: '/v1/users',
    tag: TAG,
    summary: 'Create a console user',
    description: 'The new user cannot have more scopes than the caller.',
    scope: 'keys:write',
    body: newUser,
    replies: { 201: { description: 'The user', schema: userView } },
  }),
  listUsers: route({
    method: 'GET',
    path: '/v1/users',
    tag: TAG,
    summary: 'List console users',
    scope: 'keys:write',
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: userPage } },
  }),
  updateUser: route({
    method: 'PATCH',
    path: '/v1/users/{username}',
    tag: TAG,
    summary: 'Change the role or password of a user, or disable the user',
    description: 'Ends all sessions of the user.',
    scope: 'keys:write',
    params: z.strictObject({ username }),
    body: userPatch,
    replies: { 200: { description: 'The user', schema: userView } },
  }),
  deleteUser: route({
    method: 'DELETE',
    path: '/v1/users/{username}',
    tag: TAG,
    summary: 'Erase a console user',
    description:
      'Name, password and sessions are removed. Audit events keep the user name until they are removed. It cannot be undone.',
    scope: 'keys:write',
    params: z.strictObject({ username }),
    body: erasure,
    replies: { 204: { description: 'Erased' } },
    problems: ['not_found'],
  }),
} as const;
