import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, DAY_SECONDS, Sealer } from '#libs/kernel';

/** A browser in which somebody has logged in before. */
export interface KnownDevice {
  id: string;
  username: string;
}

/** How long a device is known after its last login. */
export const DEVICE_SECONDS = 180 * DAY_SECONDS;
const PLACE = 'cookie.known_device';
const SHAPE = /^[A-Za-z0-9_-]{40,600}$/;

/**
 * Cookies by which a browser is recognised from which a user has logged in. Somebody who guesses passwords can lock a name or an
 * address (behind an unknown proxy: everybody's); from a known device the right password gets in all the same. The cookie logs
 * nobody in: it has a count of failures of its own and nothing else.
 */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** The cookie of a device after a login. `before`: the device, where it was known already. */
  issue(username: string, before: KnownDevice | null): string {
    const id = before?.username === username ? before.id : randomBytes(12).toString('base64url');
    const until = Math.floor(this.clock.wallMs() / 1000) + DEVICE_SECONDS;
    return this.sealer.seal(JSON.stringify([id, username, until]), PLACE).toString('base64url');
  }

  /** Null for what no process of this installation has issued, or too long ago. */
  read(cookie: string | undefined): KnownDevice | null {
    if (cookie === undefined || !SHAPE.test(cookie)) return null;
    try {
      const text = this.sealer.open(Buffer.from(cookie, 'base64url'), PLACE).reveal();
      const [id, username, until] = JSON.parse(text) as [string, string, number];
      return until * 1000 > this.clock.wallMs() ? { id, username } : null;
    } catch {
      return null;
    }
  }
}
