import { SESSION_SECONDS } from '#libs/access';

/** Over https the prefix makes browsers refuse a cookie that another host or an insecure page has set. */
function nameFor(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-wxfleet_session' : 'wxfleet_session';
}

/** The value of `Set-Cookie` that begins a session, or ends it with an empty token. */
export function sessionCookie(publicUrl: string, token: string): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${token === '' ? 0 : SESSION_SECONDS}`];
  if (publicUrl.startsWith('https:')) attributes.push('Secure');
  return [`${nameFor(publicUrl)}=${token}`, ...attributes].join('; ');
}

/** The token in a `Cookie` header. Of two cookies of the name neither is believed: one of them was planted. */
export function sessionTokenOf(header: string | undefined, publicUrl: string): string | undefined {
  if (header === undefined) return undefined;
  const prefix = `${nameFor(publicUrl)}=`;
  const found = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix));
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}
