import { z } from 'zod';
import { meView, newSession, newUser, userPage, userPatch, userView, username } from './access.ts';
import { pageQuery } from './fields.ts';
import { route } from './route.ts';

const TAG = 'Users';

/** People: their sessions, and who they are. */
export const userRoutes = {
  createSession: route({
    method: 'POST',
    path: '/v1/sessions',
    tag: TAG,
    summary: 'Log in',
    description:
      'Sets a cookie that scripts cannot read and other sites cannot send. Failed logins make the next one wait, longer each time.',
    scope: 'public',
    body: newSession,
    replies: { 201: { description: 'Logged in', schema: meView, headers: { 'Set-Cookie': 'The session' } } },
    problems: ['unauthenticated', 'forbidden'],
  }),
  deleteSession: route({
    method: 'DELETE',
    path: '/v1/sessions/current',
    tag: TAG,
    summary: 'Log out',
    scope: 'any',
    replies: { 204: { description: 'Logged out, in every process' } },
    problems: ['not_found'],
  }),
  getMe: route({
    method: 'GET',
    path: '/v1/me',
    tag: TAG,
    summary: 'Who is asking, and with which scopes',
    scope: 'any',
    replies: { 200: { description: 'A key or a user', schema: meView } },
  }),
  createUser: route({
    method: 'POST',
    path: '/v1/users',
    tag: TAG,
    summary: 'Make a console user',
    description: 'Nobody can give away more than they have.',
    scope: 'keys:write',
    body: newUser,
    replies: { 201: { description: 'The user', schema: userView } },
  }),
  listUsers: route({
    method: 'GET',
    path: '/v1/users',
    tag: TAG,
    summary: 'List the console users that the caller may see',
    scope: 'keys:write',
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: userPage } },
  }),
  updateUser: route({
    method: 'PATCH',
    path: '/v1/users/{username}',
    tag: TAG,
    summary: 'Change the role or the password of a user, or keep one out',
    description: 'Ends all sessions of the user.',
    scope: 'keys:write',
    params: z.strictObject({ username }),
    body: userPatch,
    replies: { 200: { description: 'The user', schema: userView } },
  }),
} as const;
