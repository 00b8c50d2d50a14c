/** The YAML of objectives and of schedules of reports. */
import { OBJECT_CLASSES, OBJECT_KINDS } from '@beacontower/domain';
import { z } from 'zod';
import { AGGREGATES, BASES, REPORT_FORMATS } from '../entities.ts';
import { SEVERITIES } from '../words.ts';
import { LongDuration, RollingDays } from './dates.ts';
import { DivisionId, Id, Reference, Target, Words } from './values.ts';

const references = z.array(Reference);
export const CALENDAR_PERIODS = ['day', 'week', 'month', 'quarter', 'half-year', 'year'] as const;

export const WhereYaml = z.strictObject({
  kinds: z.array(z.enum(OBJECT_KINDS)).min(1).optional(),
  divisions: z.array(DivisionId).min(1).optional(),
  parties: references.min(1).optional(),
  attributes: z.record(z.string(), Words).optional(),
});

const WarningYaml = z.strictObject({
  severity: z.enum(SEVERITIES),
  long: LongDuration,
  short: LongDuration,
  rate: z.number().positive(),
});
export type WarningYaml = z.infer<typeof WarningYaml>;

export const ObjectiveYaml = z.strictObject({
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  class: z.enum(OBJECT_CLASSES).optional(),
  objects: references.min(1).optional(),
  where: WhereYaml.optional(),
  division: DivisionId.optional(),
  target: Target,
  aggregate: z.enum(AGGREGATES).default('mean'),
  period: z.union([z.enum(CALENDAR_PERIODS), z.strictObject({ rolling: RollingDays })]).default('month'),
  calendar: Reference.default('always'),
  timeZone: z.string().optional(),
  basis: z.enum(BASES).default('experienced'),
  close: z.union([z.literal('by-hand'), z.strictObject({ after: LongDuration })]).optional(),
  warnings: z.union([z.enum(['default', 'none']), z.array(WarningYaml)]).default('none'),
});
export type ObjectiveYaml = z.infer<typeof ObjectiveYaml>;

export const ReportScheduleYaml = z.strictObject({
  id: Id,
  name: Words,
  kind: z.literal('availability').default('availability'),
  period: z.enum(CALENDAR_PERIODS),
  division: DivisionId.optional(),
  language: z.enum(['zh', 'en']).optional(),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1).default(['docx', 'pdf']),
  timeZone: z.string().optional(),
  after: LongDuration.optional(),
  contacts: references.default([]),
});
