import type { HubWorld } from './hub-world.ts';

export const PASSWORD = 'a password for the fuzzer';

/** `own`: the token of the session; `foreign`: that of somebody else's session. */
export type Csrf = 'own' | 'foreign' | 'none' | 'garbage';

/** A console user whose browser sends hostile requests: a cookie, and a header that is right, wrong or missing. */
export class FuzzedPerson {
  /** Logins made here, and not by a hostile request. */
  logins = 0;
  private cookie = '';
  private csrfToken = '';

  private constructor(
    private readonly world: HubWorld,
    private readonly username: string,
    private readonly network: string,
  ) {}

  /** @param network first byte of the address; every login comes from an address of its own */
  static async of(world: HubWorld, componentAppid: string, role: string, network: string): Promise<FuzzedPerson> {
    const username = `fuzzed.${role}`;
    const body = { username, password: PASSWORD, role, component_appid: componentAppid };
    const made = await world.call('POST', '/v1/users', { body });
    if (made.status !== 201) throw new Error(made.text);
    const person = new FuzzedPerson(world, username, network);
    await person.logIn();
    return person;
  }

  async logIn(): Promise<void> {
    const opened = await this.world.call<{ csrf_token: string }>('POST', '/v1/sessions', {
      key: null,
      body: { username: this.username, password: PASSWORD },
      headers: { 'x-forwarded-for': `${this.network}.${this.logins >> 8}.${this.logins & 255}.1` },
    });
    if (opened.status !== 201) throw new Error(opened.text);
    this.logins += 1;
    this.cookie = (opened.headers.get('set-cookie') ?? '').split(';', 1)[0] as string;
    this.csrfToken = opened.body.csrf_token;
  }

  /** What the browser adds. A cookie that the request itself plants stands beside the person's own. */
  headers(csrf: Csrf, planted: string | undefined, other: FuzzedPerson): Record<string, string> {
    const said = { own: this.csrfToken, foreign: other.csrfToken, garbage: 'é', none: undefined }[csrf];
    return {
      cookie: planted === undefined ? this.cookie : `${planted}; ${this.cookie}`,
      ...(said === undefined ? {} : { 'x-csrf-token': said }),
    };
  }
}
