import { z } from 'zod';

const span = z.string().describe('HH:MM-HH:MM of local time, in the time zone of the objective that follows the calendar');

/** `GET /api/v1/calendars`: which local time counts; all time outside is excluded. `always` is none of them. */
export const Calendar = z
  .object({
    id: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    week: z.object({
      monday: z.array(span),
      tuesday: z.array(span),
      wednesday: z.array(span),
      thursday: z.array(span),
      friday: z.array(span),
      saturday: z.array(span),
      sunday: z.array(span),
    }),
    dates: z
      .array(z.object({ date: z.iso.date(), spans: z.array(span), name: z.string() }))
      .describe('dates that are not what their weekday says: public holidays without spans, adjusted workdays with them'),
    knownUntil: z.iso.date().nullable().describe('the last date that its holidays are known for; null when it follows none'),
  })
  .meta({ id: 'Calendar' });
export type Calendar = z.infer<typeof Calendar>;

/** The dates asked for; all of them when left out. */
export const CalendarQuery = z.strictObject({
  year: z.coerce.number().int().min(1990).max(2199).optional().describe('only the dates of this year'),
});
export const CalendarList = z.object({ items: z.array(Calendar), nextCursor: z.null() });
