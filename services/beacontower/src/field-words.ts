/** Values of changed fields as people write them: what figures rest on is read before it is applied. */
import { spanText } from '@beacontower/contracts';

const LONGEST = 120;
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** Entities that say who is told, how and when. */
const TELLING: ReadonlySet<string> = new Set(['channel', 'contact', 'rota', 'escalation', 'route', 'clock', 'condition']);

/** One value of the field `path` of an entity; `—` where there is none. At most 120 characters, on one line. */
export function fieldWords(entity: string, path: string, value: unknown): string {
  const words =
    entity === 'calendar'
      ? ofCalendar(path, value)
      : entity === 'objective' || entity === 'report-schedule'
        ? ofFigures(path, value)
        : TELLING.has(entity)
          ? ofTelling(entity, path, value)
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
  if (typeof value === 'number' && path === 'target') return percent(value);
  if (path !== 'warnings' || !Array.isArray(value)) return null;
  return value.length === 0
    ? 'none'
    : value.map((warning) => (isMapping(warning) ? warningText(warning) : JSON.stringify(warning))).join(', ');
}

const SHARES: ReadonlySet<unknown> = new Set(['utilisation', 'errors', 'discards', 'loss']);

/** Durations with their unit; times of day, stand-ins, steps and limits as they are written. */
function ofTelling(entity: string, path: string, value: unknown): string | null {
  if (typeof value === 'number' && path.endsWith('Ms')) return durationText(value);
  if (path === 'warnAt' && typeof value === 'number') return percent(value);
  if (path.startsWith('quiet.during') && isSpans(value)) return spansText(value);
  if (entity === 'rota' && /^layers\[\d+\]\.at$/.test(path) && typeof value === 'number') return clockText(value);
  if (entity === 'rota' && /^overrides\[\d+\]\.(from|to)$/.test(path) && typeof value === 'number') return momentText(value);
  if (path === 'overrides' && Array.isArray(value)) return listText(value, standIn);
  if (path === 'steps' && Array.isArray(value)) return listText(value, stepText);
  if (path === 'limit' && isMapping(value)) return `${String(value.messages)} per ${durationText(Number(value.perMs))}`;
  return entity === 'condition' && path === 'test' && isMapping(value) ? testText(value) : null;
}

const listText = (values: readonly unknown[], one: (value: Record<string, unknown>) => string): string =>
  values.length === 0 ? 'none' : values.map((value) => (isMapping(value) ? one(value) : JSON.stringify(value))).join(', ');

const standIn = ({ contact, from, to }: Record<string, unknown>): string =>
  `${String(contact)} ${momentText(Number(from))} to ${momentText(Number(to))}`;

const stepText = ({ afterMs, contacts, rotas }: Record<string, unknown>): string =>
  `${durationText(Number(afterMs))} → ${[contacts, rotas].flat().join(' + ')}`;

function testText({ on, metric, side, raise, clear, state }: Record<string, unknown>): string {
  if (on !== 'samples') return on === 'state' ? `state ${String(state)}` : String(on);
  const limit = (value: unknown) => (SHARES.has(metric) ? percent(Number(value)) : durationText(Number(value)));
  return `${String(metric)} ${String(side)} ${limit(raise)}, clear ${limit(clear)}`;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(12))}%`;
const clockText = (minute: number): string => spanText({ from: minute, to: minute }).slice(0, 5);
/** In UTC: a plan does not know the rota's time zone. */
const momentText = (at: number): string => (Number.isFinite(at) ? new Date(at).toISOString().replace(':00.000Z', 'Z') : '—');

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
