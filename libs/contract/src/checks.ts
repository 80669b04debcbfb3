import { z } from 'zod';
import { moment } from './fields.ts';

/** The checks of a platform's connection, in their order: what a later one needs stands before it. */
export const CHECK_IDS = [
  'clocks',
  'master_keys',
  'public_url',
  'name_and_certificate',
  'test_push',
  'push_secrets',
  'arrivals',
  'answer_times',
  'ticket',
  'component_token',
  'egress_address',
  'published',
  'redirect_host',
  'permission_set_18',
  'reconciliation',
  'messages_url',
  'platform_domains',
  'confirm_files',
  'wechat_addresses',
  'feed',
  'webhooks_and_relays',
] as const;

export const checkId = z.enum(CHECK_IDS);
export type CheckId = z.infer<typeof checkId>;

export const checkStatus = z
  .enum(['pass', 'warn', 'fail', 'unknown', 'skipped'])
  .describe(
    '`unknown`: there is no evidence yet. `skipped`: a check that it depends on has failed, or there is nothing to look at',
  );
export type CheckStatus = z.infer<typeof checkStatus>;

export const platformCheck = z
  .strictObject({
    id: checkId.describe('Name of the check'),
    status: checkStatus,
    since: moment('First run with this status').nullable(),
    finding: z.string().nullable().describe('What was found, as a stable name; null: nothing to do'),
    title: z.string().describe('Name of the check'),
    title_zh: z.string().describe('Name of the check in Chinese'),
    evidence: z.array(z.string()).describe('What was seen'),
    next_step: z.string().nullable().describe('What to do; null: nothing'),
    next_step_zh: z.string().nullable().describe('What to do, in Chinese; null: nothing'),
    doc: z.string().describe('Section of the documentation'),
  })
  .meta({ id: 'PlatformCheck', description: 'One check of the connection between a platform and WeChat' });
export type PlatformCheckView = z.infer<typeof platformCheck>;

export const platformChecks = z
  .strictObject({
    checked_at: moment('Latest run; null: the checks were never run').nullable(),
    first_fail: checkId.nullable().describe('The check to begin with; null: none has failed'),
    items: z.array(platformCheck).describe('All checks, in the order in which to read them'),
  })
  .meta({ id: 'PlatformChecks', description: 'The checks of a platform' });
export type PlatformChecksView = z.infer<typeof platformChecks>;
