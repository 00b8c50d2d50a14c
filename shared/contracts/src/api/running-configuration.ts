/** What the node runs by, and what another configuration would change: `GET /api/v1/configuration`, `POST /api/v1/configuration/plan`. */
import { z } from 'zod';
import { Timestamp } from './common.ts';

/** `text`: a whole configuration as YAML. */
export const PlanRequest = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(8 * 1024 * 1024),
});

export const ConfigurationInForce = z
  .object({
    version: z.number().int(),
    appliedAt: Timestamp.nullable(),
    appliedBy: z.string().nullable(),
    kinds: z.array(
      z.object({
        kind: z.string(),
        total: z.number().int(),
        byOrigin: z.record(z.string(), z.number().int()),
        items: z
          .array(z.object({ id: z.string(), origin: z.string(), validFrom: Timestamp, body: z.unknown() }))
          .describe('the first 200; no secret is among them'),
      }),
    ),
  })
  .meta({ id: 'ConfigurationInForce' });
export type ConfigurationInForce = z.infer<typeof ConfigurationInForce>;

const ConfigurationNotice = z.object({
  line: z.number().int().nullable(),
  path: z.string(),
  message: z.string(),
  messageZh: z.string(),
});

export const ConfigurationPlan = z
  .object({
    problems: z.array(ConfigurationNotice).describe('not empty: nothing could be compared'),
    warnings: z.array(ConfigurationNotice).describe('it could be used all the same'),
    refused: z.array(z.string()).describe('not empty: apply would refuse the whole change, and why'),
    credentialsCompared: z
      .boolean()
      .describe('false: secrets are not read for a plan, so that a credential whose secret alone is another looks unchanged'),
    added: z.number().int(),
    changed: z.number().int(),
    removed: z.number().int(),
    changes: z
      .array(
        z.object({
          change: z.enum(['added', 'changed', 'removed']),
          kind: z.string(),
          id: z.string(),
          fields: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
        }),
      )
      .describe('the first 1,000'),
  })
  .meta({ id: 'ConfigurationPlan' });
export type ConfigurationPlan = z.infer<typeof ConfigurationPlan>;
