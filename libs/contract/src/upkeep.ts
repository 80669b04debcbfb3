import { z } from 'zod';
import { moment } from './fields.ts';

/** ISO 8601 without years and months, which have no fixed length; at least one part. */
const DURATION = /^P(?!$)(?:\d{1,5}W)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,5}S)?)?$/;

function duration(description: string) {
  return z.string().regex(DURATION, 'must be an ISO 8601 duration such as P400D').describe(description);
}

export const newRetentionRun = z
  .strictObject({
    keep_all: duration('Snapshots that ended less long ago are all kept; at least P30D'),
    thin_to: duration('Of older ones, the last in every span of this length is kept; at least P1D').default('P30D'),
  })
  .meta({ id: 'NewRetentionRun', description: 'How the history is thinned' });

export const retentionRunView = z
  .strictObject({
    id: z.string().describe('Id of this run'),
    state: z.enum(['running', 'done']).describe('A run that is interrupted goes on by itself'),
    keep_all: z.string().describe('Snapshots that ended less long ago are all kept'),
    thin_to: z.string().describe('Of older ones, the last in every span of this length is kept'),
    total: z.number().int().min(0).describe('Mini programs when it began'),
    examined: z.number().int().min(0).describe('Mini programs that it has been through'),
    removed: z.number().int().min(0).describe('Snapshots removed'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'RetentionRun', description: 'A thinning of the domain history of a platform' });

export type RetentionRunView = z.infer<typeof retentionRunView>;

export const masterKeyRotationView = z
  .strictObject({
    id: z.string().describe('Id of this rotation'),
    key_id: z.string().describe('The master key that everything is sealed under: the first in MASTER_KEYS'),
    state: z
      .enum(['running', 'done', 'incomplete', 'failed'])
      .describe(
        '`running` until every value was sealed anew; it goes on after a crash. `incomplete`: some process still seals ' +
          'under another key. `failed`: see reason',
      ),
    reason: z.string().nullable().describe('Why it is incomplete or failed'),
    total: z.number().int().min(0).nullable().describe('Rows to seal anew; null until a worker has counted them'),
    resealed: z.number().int().min(0).describe('Rows sealed anew so far'),
    remaining: z.number().int().min(0).nullable().describe('Rows under other keys at the end; null until then'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'MasterKeyRotation', description: 'All secrets sealed anew under the first master key' });

export type MasterKeyRotationView = z.infer<typeof masterKeyRotationView>;

export const masterKeysView = z
  .strictObject({
    encrypts_with: z.string().describe('Id of the key that this process seals with: the first in its MASTER_KEYS'),
    keys: z
      .array(
        z.strictObject({
          key_id: z.string().describe('Id of the key'),
          values: z.number().int().min(0).describe('Sealed values under it'),
          known: z.boolean().describe('Whether it is in MASTER_KEYS of this process'),
        }),
      )
      .describe('Keys in MASTER_KEYS, and keys in use. One with 0 values may be taken out of MASTER_KEYS'),
  })
  .meta({ id: 'MasterKeys', description: 'Which master keys are in use' });
