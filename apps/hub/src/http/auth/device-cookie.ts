import { Injectable } from '@nestjs/common';
import { DEVICE_SECONDS, type KnownDevice, KnownDevices } from '#libs/access';
import { PublicUrls } from '../../public-urls.ts';
import { cookieOf, cookieText } from './session-cookie.ts';

/** The cookie of a known device (`KnownDevices`). */
@Injectable()
export class DeviceCookie {
  constructor(
    private readonly devices: KnownDevices,
    private readonly urls: PublicUrls,
  ) {}

  /** The device that a `Cookie` header names. */
  of(header: string | undefined): KnownDevice | null {
    return this.devices.read(cookieOf(header, 'wxfleet_device', this.urls.base));
  }

  /** The value of `Set-Cookie` after a login. */
  after(username: string, before: KnownDevice | null): string {
    return cookieText('wxfleet_device', this.devices.issue(username, before), this.urls.base, DEVICE_SECONDS);
  }
}
