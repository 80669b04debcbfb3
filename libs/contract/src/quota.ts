import { z } from 'zod';
import { authorizerAppid, moment, queryInteger } from './fields.ts';

/** A path of WeChat's API, such as `/wxa/get_effective_domain`. */
export const apiPath = z
  .string()
  .regex(/^\/[\x21-\x7e]{1,200}$/, 'must be a path of the API, such as /wxa/get_effective_domain')
  .describe("Path of WeChat's API, for example /wxa/get_effective_domain");

const count = (description: string) => z.number().int().min(0).describe(description);

const park = z
  .strictObject({
    authorizer_appid: authorizerAppid.nullable().describe("Account whose quota it is; null for the platform's own"),
    path: apiPath,
    errcode: z.number().int().describe('45009: daily quota used up. 45011: too many calls per minute'),
    parked_at: moment('When WeChat returned the error'),
    parked_until: moment('When calls resume at the latest'),
    next_probe_at: moment('When a probe call will test whether the quota is available again').nullable(),
    strikes: z.number().int().min(1).describe('Number of consecutive errors'),
  })
  .meta({ id: 'ParkedPath', description: "A path that is paused because of WeChat's quota" });

const callCounts = {
  path: apiPath,
  calls: count('Calls'),
  errors: count('Calls with an error or without a response'),
};

const budgetFields = {
  per_day: z.number().int().min(1).max(2_147_483_647).describe('Maximum calls per day for all merchants together'),
  reserve: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .describe('Calls reserved for interactive requests; background work stops this much earlier'),
};

export const budget = z
  .strictObject({
    path: apiPath,
    ...budgetFields,
    used: count("Calls today, or since today's quota reset"),
    remaining: count('Remaining calls'),
    remaining_background: count('Remaining calls for background work'),
  })
  .meta({ id: 'CallBudget', description: 'A self-imposed daily limit of a path' });

export const newBudget = z
  .strictObject({
    path: apiPath,
    per_day: budgetFields.per_day
      .nullable()
      .describe('Maximum calls per day for all merchants together; null removes the budget'),
    reserve: budgetFields.reserve.default(0),
  })
  .refine((body) => body.per_day === null || body.reserve <= body.per_day, {
    path: ['reserve'],
    message: 'must not be above per_day',
  })
  .meta({ id: 'NewCallBudget', description: 'Budget of a path' });

export const budgetList = z
  .strictObject({ items: z.array(budget).describe('By path') })
  .meta({ id: 'CallBudgets', description: 'All budgets of the platform' });

export const quotaView = z
  .strictObject({
    day: z.iso.date().describe('Current day in Beijing'),
    resets_at: moment('End of that day'),
    parks: z.array(park).describe("Paused paths: the platform's own first, at most 500"),
    parked_count: count('Total number of paused paths'),
    calls: z.array(z.strictObject(callCounts)).describe("Today's calls by path; about a second old"),
    budgets: z.array(budget).describe('Budgets and their use'),
  })
  .meta({ id: 'Quota', description: "A platform's use of WeChat's quotas" });

export type QuotaView = z.infer<typeof quotaView>;

export const merchantCallsQuery = {
  days: queryInteger('Number of days including today', 1, 31)
    .default(1)
    .meta({
      description: 'Number of days including today; the last week is kept',
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
      .describe("Account whose quota is reset; absent: the platform's own quota, including token calls"),
    confirm: z.string().min(1).max(64).describe('Repeat the appid whose quota is reset'),
  })
  .meta({ id: 'NewQuotaReset', description: "Uses one of WeChat's ten resets per month" });

export const quotaReset = z
  .strictObject({
    appid: z.string().describe('Appid whose quota was reset'),
    lifted: count('Paused paths that were resumed'),
  })
  .meta({ id: 'QuotaReset', description: 'The quota was reset' });
