import { z } from 'zod';
import { REPORT_FORMATS } from './entities.ts';

export const REPORT_LANGUAGES = ['zh', 'en'] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Data of a BullMQ report job; the row in PostgreSQL is the truth, the job only says "now". */
export const ReportJob = z.object({ report: z.string(), attempt: z.number().int().nonnegative() });
export type ReportJob = z.infer<typeof ReportJob>;

/** What a report is to be about, checked and whole: column `parameters` of table `reports`. Times are epoch ms, half-open. */
export const ReportOrder = z.object({
  kind: z.literal('availability'),
  from: z.number().int(),
  to: z.number().int(),
  /** `2018-H1`, …; null for a period that is none of the calendar's. */
  label: z.string().nullable(),
  timeZone: z.string(),
  /** No object outside it is counted. */
  division: z.string(),
  /** Ids, in the order asked for; null: every objective of the division. */
  objectives: z.array(z.string()).nullable(),
  languages: z.array(z.enum(REPORT_LANGUAGES)).min(1),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1),
});
export type ReportOrder = z.infer<typeof ReportOrder>;
