/** How rotas are shown, by the API and the command line: what is configured, who is on duty, and when that changes. */
import { type Calendar, type Duty, dutyGaps, dutySpans, nextDutyChange, onDuty, type RotaOverride } from '@beacontower/domain';
import type { RotaBody } from '../entities.ts';
import { timestamp, timestampOrNull } from './common.ts';
import type { RotaSchedule, RotaView } from './rotas.ts';

/** What says who is on duty in any rota, all of one moment. */
export interface DutyRules {
  readonly rotas: readonly RotaBody[];
  readonly contacts: ReadonlyMap<string, { readonly name: string }>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Those made by hand, by rota, with why they were made. */
  readonly overrides: ReadonlyMap<string, readonly (RotaOverride & { readonly reason: string })[]>;
}

/** One rota with who is on duty at `now` (epoch ms), and who comes next. */
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

/** Who is on duty throughout `[from, to)` (epoch ms), and when nobody is. */
export function rotaScheduleView(rota: RotaBody, rules: DutyRules, from: number, to: number): RotaSchedule {
  const overrides = rules.overrides.get(rota.id) ?? [];
  const reasons = new Map(overrides.map(({ id, reason }) => [id, reason]));
  const bounds = (span: { readonly from: number; readonly to: number }) => ({ from: timestamp(span.from), to: timestamp(span.to) });
  return {
    rota: rota.id,
    timeZone: rota.timeZone,
    ...bounds({ from, to }),
    spans: dutySpans(rota, overrides, rules.calendars, from, to).map((span) => ({
      ...bounds(span),
      ...named(span, rules),
      reason: span.override === null ? null : (reasons.get(span.override) ?? null),
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

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
