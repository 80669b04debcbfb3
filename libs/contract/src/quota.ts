import { z } from 'zod';
import { authorizerAppid, moment, queryInteger } from './fields.ts';

/** A path of WeChat's interface, such as `/wxa/get_effective_domain`. */
export const apiPath = z
  .string()
  .regex(/^\/[\x21-\x7e]{1,200}$/, 'must be a path of the API, such as /wxa/get_effective_domain')
  .describe("Path of WeChat's interface, for instance /wxa/get_effective_domain");

const count = (description: string) => z.number().int().min(0).describe(description);

const park = z
  .strictObject({
    authorizer_appid: authorizerAppid.nullable().describe("Whose quota it is; null: the platform's own"),
    path: apiPath,
    errcode: z.number().int().describe("45009: the day's quota is used up. 45011: too many calls in a minute"),
    parked_at: moment('When WeChat said so'),
    parked_until: moment('Until when the path is not called, at the latest'),
    next_probe_at: moment('When one call is let through to find out whether it is over already').nullable(),
    strikes: z.number().int().min(1).describe('How many times in a row'),
  })
  .meta({ id: 'ParkedPath', description: 'A path that waits because WeChat said so' });

const callCounts = {
  path: apiPath,
  calls: count('Calls'),
  errors: count('Of these, answered with an error or not at all'),
};

const budgetFields = {
  per_day: z.number().int().min(1).max(2_147_483_647).describe('Calls a day at most, all merchants together'),
  reserve: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .describe('Of these, kept for what people wait for: background work stops so much earlier'),
};

export const budget = z
  .strictObject({
    path: apiPath,
    ...budgetFields,
    used: count('Calls of today, or since the quota was reset today'),
    remaining: count('What is left'),
    remaining_background: count('What is left for background work'),
  })
  .meta({ id: 'CallBudget', description: "The installation's own limit of a path" });

export const newBudget = z
  .strictObject({
    path: apiPath,
    per_day: budgetFields.per_day.nullable().describe('Calls a day at most, all merchants together; null: no limit'),
    reserve: budgetFields.reserve.default(0),
  })
  .refine((body) => body.per_day === null || body.reserve <= body.per_day, {
    path: ['reserve'],
    message: 'must not be above per_day',
  })
  .meta({ id: 'NewCallBudget', description: 'The limit of a path' });

export const budgetList = z
  .strictObject({ items: z.array(budget).describe('By path') })
  .meta({ id: 'CallBudgets', description: 'All limits of the platform' });

export const quotaView = z
  .strictObject({
    day: z.iso.date().describe('The day in Beijing that is counted'),
    resets_at: moment('When that day ends'),
    parks: z.array(park).describe("What waits: the platform's own paths first, 500 at most"),
    parked_count: count('How many wait, all of them'),
    calls: z.array(z.strictObject(callCounts)).describe('Calls of the day by path; about a second old'),
    budgets: z.array(budget).describe('Limits of our own and how far they are used'),
  })
  .meta({ id: 'Quota', description: 'How a platform stands with the quotas of WeChat' });

export type QuotaView = z.infer<typeof quotaView>;

export const merchantCallsQuery = {
  days: queryInteger('Days to count back, today included', 1, 31)
    .default(1)
    .meta({
      description: 'Days to count back, today included; a week is kept',
      wire: { type: 'integer', minimum: 1, maximum: 31, default: 1 },
    }),
};

export const merchantCalls = z
  .strictObject({
    items: z
      .array(z.strictObject({ day: z.iso.date().describe('Day in Beijing'), ...callCounts }))
      .describe('Newest day first; about ten seconds old'),
  })
  .meta({ id: 'MerchantCalls', description: 'Calls on behalf of one account' });

export const newQuotaReset = z
  .strictObject({
    authorizer_appid: authorizerAppid
      .optional()
      .describe("The account whose quota is reset; absent: the platform's own, the token calls among it"),
    confirm: z
      .string()
      .min(1)
      .max(64)
      .describe('Repeats the appid whose quota is reset, so that nothing is reset by mistake'),
  })
  .meta({ id: 'NewQuotaReset', description: "One of WeChat's ten resets of the month" });

export const quotaReset = z
  .strictObject({
    appid: z.string().describe('Whose quota was reset'),
    lifted: count('Paths that waited and may be called again'),
  })
  .meta({ id: 'QuotaReset', description: 'WeChat counts anew' });
