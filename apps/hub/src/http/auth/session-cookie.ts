import { SESSION_SECONDS } from '#libs/access';

/** Over https the prefix makes browsers refuse a cookie that another host or an insecure page has set. */
function nameFor(name: string, publicUrl: string): string {
  return publicUrl.startsWith('https:') ? `__Host-${name}` : name;
}

/** A value of `Set-Cookie`; out of reach of scripts and of other sites. */
export function cookieText(name: string, value: string, publicUrl: string, maxAgeSeconds: number): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${value === '' ? 0 : maxAgeSeconds}`];
  if (publicUrl.startsWith('https:')) attributes.push('Secure');
  return [`${nameFor(name, publicUrl)}=${value}`, ...attributes].join('; ');
}

/** A cookie of a `Cookie` header. Of two cookies of the name neither is believed: one of them was planted. */
export function cookieOf(header: string | undefined, name: string, publicUrl: string): string | undefined {
  if (header === undefined) return undefined;
  const prefix = `${nameFor(name, publicUrl)}=`;
  const found = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix));
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}

/** The value of `Set-Cookie` that begins a session, or ends it with an empty token. */
export function sessionCookie(publicUrl: string, token: string): string {
  return cookieText('wxfleet_session', token, publicUrl, SESSION_SECONDS);
}

/** The token in a `Cookie` header. */
export function sessionTokenOf(header: string | undefined, publicUrl: string): string | undefined {
  return cookieOf(header, 'wxfleet_session', publicUrl);
}
