import { type Calendar, type CalendarBody, CalendarList, CalendarQuery, spanText, WEEKDAYS } from '@beacontower/contracts';
import { listCalendars } from '@beacontower/database';
import type { App, RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';

/** Which time objectives count. */
export function registerCalendars(app: App, { database }: RouteContext): void {
  app.get(
    '/api/v1/calendars',
    {
      schema: {
        ...describe(
          'availability',
          'Calendars: which local time counts',
          'read',
          'With public holidays and adjusted workdays; year leaves out the dates of others.',
        ),
        querystring: CalendarQuery,
        response: { 200: CalendarList },
      },
    },
    async ({ query }) => ({ items: (await listCalendars(database)).map((body) => viewOf(body, query.year)), nextCursor: null }),
  );
}

function viewOf({ week, dates, ...body }: CalendarBody, year: number | undefined): Calendar {
  const days = Object.fromEntries(WEEKDAYS.map((day, i) => [day, (week[i] ?? []).map(spanText)])) as Calendar['week'];
  const shown = year === undefined ? dates : dates.filter(({ date }) => date.startsWith(`${year}-`));
  return { ...body, week: days, dates: shown.map((date) => ({ ...date, spans: date.spans.map(spanText) })) };
}
