/** Values of changed fields as people write them: what figures rest on is read before it is applied. */
import { spanText } from '@beacontower/contracts';

const LONGEST = 120;
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** One value of the field `path` of an entity; `—` where there is none. At most 120 characters, on one line. */
export function fieldWords(entity: string, path: string, value: unknown): string {
  const words =
    entity === 'calendar'
      ? ofCalendar(path, value)
      : entity === 'objective' || entity === 'report-schedule'
        ? ofFigures(path, value)
        : null;
  const text = words ?? JSON.stringify(value) ?? '—';
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}…` : text;
}

/** `[{from: 510, to: 720}]` is `08:30-12:00`; a date with its name; null for what is shown as it is. */
function ofCalendar(path: string, value: unknown): string | null {
  if (path.startsWith('week') && isSpans(value)) return spansText(value);
  if (path === 'week' && Array.isArray(value) && value.every(isSpans)) return value.map((spans) => spansText(spans)).join(' | ');
  if (!path.startsWith('dates[') || !isMapping(value) || !isSpans(value.spans)) return null;
  return [spansText(value.spans), value.name].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

/** Durations with their unit, a target in percent, warnings as they are written. */
function ofFigures(path: string, value: unknown): string | null {
  if (typeof value === 'number' && path.endsWith('Ms')) return durationText(value);
  if (typeof value === 'number' && path === 'target') return `${Number((value * 100).toPrecision(12))}%`;
  if (path !== 'warnings' || !Array.isArray(value)) return null;
  return value.length === 0
    ? 'none'
    : value.map((warning) => (isMapping(warning) ? warningText(warning) : JSON.stringify(warning))).join(', ');
}

function warningText({ severity, longMs, shortMs, rate }: Record<string, unknown>): string {
  return `${String(severity)} ${durationText(Number(longMs))}/${durationText(Number(shortMs))} × ${String(rate)}`;
}

function durationText(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms >= length && ms % length === 0) ?? ['ms', 1];
  return ms === 0 ? '0s' : `${ms / size}${unit}`;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isSpans = (value: unknown): value is Span[] =>
  Array.isArray(value) && value.every((span) => isMapping(span) && typeof span.from === 'number' && typeof span.to === 'number');

const spansText = (spans: readonly Span[]): string => (spans.length === 0 ? 'off' : spans.map(spanText).join(', '));
