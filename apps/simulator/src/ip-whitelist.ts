import type { Platform } from './platform.ts';
import { Refusal } from './refusal.ts';

/** 61004 with the observed tail for an address that the platform did not list. */
export function assertAllowedAddress(platform: Platform, ip: string): void {
  if (platform.ipWhitelist !== null && !platform.ipWhitelist.includes(ip))
    throw new Refusal(61004, { tail: `requestIP: ${ip}` });
}
