import { z } from 'zod';
import { REPORT_FORMATS } from '../entities.ts';
import { REPORT_LANGUAGES } from '../jobs.ts';
import { checkPeriod, DivisionPath, Instant, pageOf, paging, Timestamp } from './common.ts';

export const REPORT_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

const distinct = (values: readonly string[] | undefined) => values === undefined || new Set(values).size === values.length;
const expectedPeriod = 'a period such as 2018-H1, 2018-Q3, 2018-07, 2018-W27, 2018-07-01 or 2018, or {"from": …, "to": …}';

/** The label of a period of the calendar: year, half-year, quarter, month, ISO week or day. */
const PeriodLabel = z.string().regex(/^\d{4}(-(H[12]|Q[1-4]|W\d{2}|\d{2}(-\d{2})?))?$/, `expected ${expectedPeriod}`);

/** `POST /api/v1/reports`. `language` is a short form of `languages` with one. */
export const NewReport = z
  .strictObject({
    kind: z.literal('availability').default('availability'),
    period: z
      .union([PeriodLabel, z.strictObject({ from: Instant, to: Instant }).superRefine(checkPeriod)], {
        error: `expected ${expectedPeriod}`,
      })
      .describe(expectedPeriod),
    timeZone: z.string().min(1).max(64).optional().describe('IANA name; that of the node when left out'),
    division: DivisionPath.optional().describe('the division it is about; that of the node when left out'),
    objectives: z
      .array(z.string().min(1).max(256))
      .min(1)
      .max(100)
      .refine(distinct, 'each only once')
      .optional()
      .describe('ids; every objective of the division when left out'),
    language: z.enum(REPORT_LANGUAGES).optional(),
    languages: z.array(z.enum(REPORT_LANGUAGES)).min(1).refine(distinct, 'each only once').optional(),
    formats: z
      .array(z.enum(REPORT_FORMATS))
      .min(1)
      .refine(distinct, 'each only once')
      .default([...REPORT_FORMATS]),
  })
  .refine((body) => body.language === undefined || body.languages === undefined, {
    path: ['languages'],
    message: 'give either language or languages',
  })
  .meta({ id: 'NewReport' });
export type NewReport = z.infer<typeof NewReport>;

const ReportFile = z.object({
  format: z.enum(REPORT_FORMATS),
  language: z.enum(REPORT_LANGUAGES),
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int().describe('bytes'),
  sha256: z.string().describe('hexadecimal'),
});

/** One report: the record of its job. */
export const Report = z
  .object({
    id: z.string(),
    kind: z.literal('availability'),
    period: z.object({ label: z.string().nullable(), from: Timestamp, to: Timestamp, timeZone: z.string() }),
    division: z.string(),
    objectives: z.array(z.string()).nullable().describe('null: every objective of the division'),
    languages: z.array(z.enum(REPORT_LANGUAGES)),
    formats: z.array(z.enum(REPORT_FORMATS)),
    state: z.enum(REPORT_STATES),
    progress: z.number().int().describe('percent'),
    step: z.string().nullable().describe('what is being done'),
    attempt: z.number().int().describe('how often it was begun'),
    error: z.string().nullable().describe('why it failed, or why the last attempt did'),
    summary: z.object({ zh: z.string(), en: z.string() }).nullable().describe('its summary paragraph, once it is done'),
    requestedAt: Timestamp,
    requestedBy: z.string(),
    schedule: z.string().nullable().describe('the schedule that asked for it'),
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
    files: z.array(ReportFile),
  })
  .meta({ id: 'Report' });
export type Report = z.infer<typeof Report>;
export const ReportPage = pageOf(Report);

/** `GET /api/v1/reports`: the newest first. */
export const ReportQuery = z.strictObject({ state: z.enum(REPORT_STATES).optional(), ...paging });
export type ReportQuery = z.infer<typeof ReportQuery>;

/** `GET /api/v1/reports/{id}/file`. Where there are several, which; the only one of that format when `language` is left out. */
export const ReportFileQuery = z.strictObject({ format: z.enum(REPORT_FORMATS), language: z.enum(REPORT_LANGUAGES).optional() });
