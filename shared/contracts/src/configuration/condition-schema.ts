/** The YAML of conditions: what must hold of an object, for how long, before somebody is told. */
import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { SAMPLE_METRICS } from '../entities.ts';
import { SEVERITIES } from '../words.ts';
import { LongDuration } from './dates.ts';
import { WhereYaml } from './objective-schema.ts';
import { WhenYaml } from './telling-schema.ts';
import { Id, Reference, WebLink, Words } from './values.ts';

/** `80%`, `0.8` or `50ms`; which of them fits goes by the metric, and is looked at with it. */
const Limit = z.union([z.string(), z.number()]);
export type LimitYaml = z.infer<typeof Limit>;

/** `{metric: utilisation, above: 80%, clear: 70%}`, `{state: down}` or `restart`. */
const TestYaml = z.union([
  z.literal('restart'),
  z.strictObject({ state: z.enum(['down', 'degraded', 'unknown']) }),
  z.strictObject({ metric: z.enum(SAMPLE_METRICS), above: Limit.optional(), below: Limit.optional(), clear: Limit.optional() }),
]);
export type TestYaml = z.infer<typeof TestYaml>;

export const ConditionYaml = z.strictObject({
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  severity: z.enum(SEVERITIES),
  where: WhereYaml.extend({
    classes: z.array(z.enum(OBJECT_CLASSES)).min(1).optional(),
    objects: z.array(Reference).min(1).optional(),
  }).optional(),
  test: TestYaml,
  for: LongDuration.optional(),
  clearFor: LongDuration.optional(),
  calendar: WhenYaml.optional(),
  runbook: WebLink.optional(),
});
export type ConditionYaml = z.infer<typeof ConditionYaml>;
