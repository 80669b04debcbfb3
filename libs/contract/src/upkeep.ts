import { z } from 'zod';
import { moment } from './fields.ts';

/** ISO 8601 duration without years and months, which have no fixed length. */
const DURATION = /^P(?!$)(?:\d{1,5}W)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,5}S)?)?$/;

function duration(description: string) {
  return z.string().regex(DURATION, 'must be an ISO 8601 duration such as P400D').describe(description);
}

export const newRetentionRun = z
  .strictObject({
    keep_all: duration('Keep all snapshots that ended within this time; at least P30D'),
    thin_to: duration('Of older snapshots, keep the last one per period of this length; at least P1D').default('P30D'),
  })
  .meta({ id: 'NewRetentionRun', description: 'What a retention run keeps' });

export const retentionRunView = z
  .strictObject({
    id: z.string().describe('Id of this run'),
    state: z.enum(['running', 'done']).describe('An interrupted run resumes by itself'),
    keep_all: z.string().describe('All snapshots that ended within this time are kept'),
    thin_to: z.string().describe('Of older snapshots, the last one per period of this length is kept'),
    total: z.number().int().min(0).describe('Mini programs at the start'),
    examined: z.number().int().min(0).describe('Mini programs processed so far'),
    removed: z.number().int().min(0).describe('Snapshots removed'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'RetentionRun', description: 'A run that thins out the domain history of a platform' });

export type RetentionRunView = z.infer<typeof retentionRunView>;

export const masterKeyRotationView = z
  .strictObject({
    id: z.string().describe('Id of this rotation'),
    key_id: z.string().describe('Id of the master key to encrypt with: the first in MASTER_KEYS'),
    state: z
      .enum(['running', 'done', 'incomplete', 'failed'])
      .describe(
        '`running` until every value is re-encrypted; resumes after a crash. `incomplete`: some process still encrypts ' +
          'with another key. `failed`: see reason',
      ),
    reason: z.string().nullable().describe('Why it is incomplete or failed'),
    total: z.number().int().min(0).nullable().describe('Rows to re-encrypt; null until a worker has counted them'),
    resealed: z.number().int().min(0).describe('Rows re-encrypted so far'),
    remaining: z
      .number()
      .int()
      .min(0)
      .nullable()
      .describe('Rows encrypted with other keys at the end; null until then'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'MasterKeyRotation', description: 'Re-encryption of all secrets with the first master key' });

export type MasterKeyRotationView = z.infer<typeof masterKeyRotationView>;

export const masterKeysView = z
  .strictObject({
    encrypts_with: z.string().describe('Id of the key this process encrypts with: the first in its MASTER_KEYS'),
    keys: z
      .array(
        z.strictObject({
          key_id: z.string().describe('Id of the key'),
          values: z.number().int().min(0).describe('Values encrypted with it'),
          known: z.boolean().describe('Whether it is in MASTER_KEYS of this process'),
        }),
      )
      .describe('Keys in MASTER_KEYS and keys in use. A key with 0 values may be removed from MASTER_KEYS'),
  })
  .meta({ id: 'MasterKeys', description: 'Which master keys are in use' });
