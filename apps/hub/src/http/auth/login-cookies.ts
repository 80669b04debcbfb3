import { Injectable } from '@nestjs/common';
import { DEVICE_SECONDS, type KnownDevice, KnownDevices } from '#libs/access';
import { PublicUrls } from '../../public-urls.ts';
import { cookieOf, cookieText, sessionCookie, sessionTokenOf } from './session-cookie.ts';

/** The cookies of a person: of the session, and of the known device (`KnownDevices`). */
@Injectable()
export class LoginCookies {
  constructor(
    private readonly devices: KnownDevices,
    private readonly urls: PublicUrls,
  ) {}

  /** The device that a `Cookie` header names. */
  device(header: string | undefined): KnownDevice | null {
    return this.devices.read(cookieOf(header, 'wxfleet_device', this.urls.base));
  }

  /** The token of the session that a `Cookie` header names. */
  session(header: string | undefined): string | undefined {
    return sessionTokenOf(header, this.urls.base);
  }

  /** Values of `Set-Cookie` after a login. */
  opened(token: string, username: string, before: KnownDevice | null): string[] {
    const { base } = this.urls;
    return [
      sessionCookie(base, token),
      cookieText('wxfleet_device', this.devices.issue(username, before), base, DEVICE_SECONDS),
    ];
  }

  /** The value of `Set-Cookie` that ends a session. */
  closed(): string {
    return sessionCookie(this.urls.base, '');
  }
}
