/** Times as a form has them: `YYYY-MM-DDTHH:mm:ss` in a zone. Pure. */
import { localDate, startOfLocalDate } from '@beacontower/domain';
import { formatTime } from '../../i18n/format.ts';

/** A moment as an input of date and time shows it in the zone. */
export function toInput(at: number, timeZone: string): string {
  return formatTime(at, timeZone).replace(' ', 'T');
}

/** The moment that an input means in the zone, epoch ms; null when it is none. Of an hour that comes twice, the first. */
export function fromInput(text: string, timeZone: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/.exec(text);
  if (!match) return null;
  const [, day = '', hours, minutes, seconds = '0'] = match;
  if (Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return null;
  const wanted = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  const guess = startOfLocalDate(day, timeZone) + wanted;
  // Where clocks changed since midnight the guess is off by what they changed.
  for (const shift of [-3_600_000, 0, 3_600_000]) {
    const at = guess + shift;
    if (localDate(at, timeZone) === day && toInput(at, timeZone).slice(0, 19) === `${day}T${hours}:${minutes}:${seconds.padStart(2, '0')}`)
      return at;
  }
  return null;
}
