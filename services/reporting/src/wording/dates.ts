import { startOfLocalDate } from '@beacontower/domain';

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: number, timeZone: string): Record<string, string> {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  const [date = '', time = ''] = format.format(at).split(', ');
  return { date, time };
}

/** A local date: `2018-07-01`. */
export function dateIn(at: number, timeZone: string): string {
  return parts(at, timeZone).date ?? '';
}

/** A local date and time to the second: `2018-06-30 23:59:59`. The time zone is printed once, on the face of the report. */
export function timeIn(at: number, timeZone: string): string {
  const { date, time } = parts(at, timeZone);
  return `${date} ${time}`;
}

/** Whether a local day begins at this moment. */
export function isMidnight(at: number, timeZone: string): boolean {
  return startOfLocalDate(dateIn(at, timeZone), timeZone) === at;
}
