/** How the API shows rotas: what is stored, who is on duty, and when that changes. */
import {
  type ContactBody,
  type RotaBody,
  type RotaOverrideView,
  type RotaSchedule,
  type RotaView,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import { type Database, listRotaOverrides, readCurrentEntities, readRotaOverrides } from '@beacontower/database';
import { type Calendar, type Duty, dutyGaps, dutySpans, nextDutyChange, onDuty, type RotaOverride } from '@beacontower/domain';

const DAY = 86_400_000;
/** Overrides are read so far ahead: no duty is looked at beyond it. */
const AHEAD_MS = 800 * DAY;

/** What says who is on duty in any rota, of one moment. */
export interface DutyRules {
  readonly rotas: readonly RotaBody[];
  readonly contacts: ReadonlyMap<string, ContactBody>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Those made by hand, by rota. */
  readonly overrides: ReadonlyMap<string, readonly RotaOverride[]>;
}

/** Reads what says who is on duty in `[from, to)`; without `to` for as far ahead as anybody looks. */
export async function readDutyRules(database: Database, from: number, to = from + AHEAD_MS): Promise<DutyRules> {
  const [rotas, contacts, calendars, overrides] = await Promise.all([
    readCurrentEntities(database, 'rota'),
    readCurrentEntities(database, 'contact'),
    readCurrentEntities(database, 'calendar'),
    readRotaOverrides(database, from, to),
  ]);
  return {
    rotas,
    contacts: new Map(contacts.map((contact) => [contact.id, contact])),
    calendars: new Map(calendars.map((calendar) => [calendar.id, calendar])),
    overrides,
  };
}

/** One rota with who is on duty at `now`, and who comes next. */
export function rotaView(rota: RotaBody, rules: DutyRules, now: number): RotaView {
  const overrides = rules.overrides.get(rota.id) ?? [];
  const { until, ...duty } = onDuty(rota, overrides, rules.calendars, now);
  const next = nextDutyChange(rota, overrides, rules.calendars, now);
  return {
    ...rota,
    layers: rota.layers.map((layer) => ({ ...layer, at: clockText(layer.at) })),
    overrides: rota.overrides.map(({ contact, from, to }) => ({ contact, from: timestamp(from), to: timestamp(to) })),
    now: { ...named(duty, rules), until: timestampOrNull(until) },
    next: next && { at: timestamp(next.at), contact: next.after.contact, name: nameOf(next.after.contact, rules) },
  };
}

/** Who is on duty throughout `[from, to)`, and when nobody is. */
export async function rotaSchedule(database: Database, rota: RotaBody, from: number, to: number): Promise<RotaSchedule> {
  const rules = await readDutyRules(database, from, to);
  const made = new Map((await listRotaOverrides(database, rota.id, from)).map((override) => [override.id, override]));
  const overrides = rules.overrides.get(rota.id) ?? [];
  const bounds = (span: { from: number; to: number }) => ({ from: timestamp(span.from), to: timestamp(span.to) });
  return {
    rota: rota.id,
    timeZone: rota.timeZone,
    from: timestamp(from),
    to: timestamp(to),
    spans: dutySpans(rota, overrides, rules.calendars, from, to).map(({ from: start, to: end, ...duty }) => ({
      ...bounds({ from: start, to: end }),
      ...named(duty, rules),
      reason: reasonOf(duty, made),
    })),
    gaps: dutyGaps(rota, overrides, rules.calendars, from, to).map(bounds),
  };
}

function named({ contact, because, layer, override }: Duty, rules: DutyRules) {
  return { contact, name: nameOf(contact, rules), because, layer, override };
}

function nameOf(contact: string | null, { contacts }: DutyRules): string | null {
  return contact === null ? null : (contacts.get(contact)?.name ?? null);
}

function reasonOf({ override }: Duty, made: ReadonlyMap<string, RotaOverrideView>): string | null {
  return override === null ? null : (made.get(override)?.reason ?? null);
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
