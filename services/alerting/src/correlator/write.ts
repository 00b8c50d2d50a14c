import { flappingTitle, type IncidentBody, type NoticeBody, outageTitle } from '@beacontower/contracts';
import {
  escalateIncidents,
  insertIncidentEvents,
  insertIncidents,
  insertNotices,
  joinIncident,
  leaveIncident,
  type NewIncident,
  type NewLogEntry,
  type NewNotice,
  type Queryable,
  resolveIncidents,
  saveBlasts,
  savePending,
} from '@beacontower/database';
import { type Effect, FLAPPING_POLICY, type Look, type Severity } from '@beacontower/domain';
import { nameOf } from '@beacontower/messages';
import type { Directory } from '../directory.ts';
import type { Memory } from './memory.ts';
import { eventsOf, incidentLog } from './say.ts';

type Of<K extends Effect['effect']> = Extract<Effect, { effect: K }>;
type Flapping<C extends Of<'flapping'>['change']> = Extract<Of<'flapping'>, { change: C }>;

export interface Written {
  readonly looks: readonly Look[];
  readonly log: readonly NewLogEntry[];
  readonly changes: readonly IncidentBody['change'][];
}

/** Carries out one settled list of effects in the caller's transaction, set by set. Looks and the bus are for after the commit. */
export async function writeEffects(
  tx: Queryable,
  effects: readonly Effect[],
  { directory, blasts }: Pick<Memory, 'directory' | 'blasts'>,
  now: number,
): Promise<Written> {
  const of = <K extends Effect['effect']>(kind: K) => effects.filter((effect): effect is Of<K> => effect.effect === kind);
  await insertIncidents(
    tx,
    effects.flatMap((effect) => newIncident(effect, directory, now)),
  );
  for (const { incident, objects } of of('leave')) await leaveIncident(tx, incident, objects, now);
  for (const { incident, objects } of of('join')) await joinIncident(tx, incident, objects, now);
  await escalateIncidents(
    tx,
    effects.flatMap((effect) => worse(effect, directory)),
  );
  await saveBlasts(tx, blasts.follow(effects, now));
  const resolvedIds = new Set(await resolveIncidents(tx, effects.flatMap(resolved), now));
  const done = effects.filter((effect) => resolved(effect).every(({ id }) => resolvedIds.has(id)));
  await insertIncidentEvents(
    tx,
    done.flatMap((effect) => eventsOf(effect, now)),
  );
  await insertNotices(
    tx,
    // Also of what a person resolved a moment before: it is the same notice, so nobody is told twice.
    effects.flatMap((effect) => noticesOf(effect, now)),
    now,
  );
  await savePending(
    tx,
    of('pend').flatMap((effect) => (effect.record ? [effect.pending] : [])),
    of('unpend').flatMap((effect) => effect.objects),
  );
  const log = await incidentLog(tx, done, now);
  return {
    looks: of('look').flatMap((effect) => effect.looks),
    log,
    changes: log.map((entry) => (entry.body as IncidentBody).change),
  };
}

function newIncident(effect: Effect, directory: Directory, now: number): NewIncident[] {
  if (effect.effect !== 'open' && !(effect.effect === 'flapping' && effect.change === 'opened')) return [];
  const cause = effect.effect === 'open' ? effect.cause : effect.object;
  const object = directory.objects.get(cause);
  if (!object) return [];
  const { division, party } = object;
  const { incident: id, severity, edge } = effect;
  const rest = { id, cause, severity, division, party, class: object.class, edge, openedAt: now };
  if (effect.effect === 'flapping') return [{ ...rest, title: titleFor(directory, cause, severity, true), ...flappingPart(effect) }];
  return [{ ...rest, title: titleFor(directory, cause, severity), splitFrom: effect.splitFrom ?? null }];
}

function flappingPart({ share, changes }: Flapping<'opened'>): Required<Pick<NewIncident, 'kind' | 'facts'>> {
  const { begins, ends, rounds } = FLAPPING_POLICY;
  return { kind: 'flapping', facts: { kind: 'flapping', share, begins, ends, changes, rounds } };
}

function worse(effect: Effect, directory: Directory): { id: string; severity: Severity; title: string; splitFrom?: string | null }[] {
  if (effect.effect === 'escalate') {
    const { incident: id, severity, cause, splitFrom = null } = effect;
    return [{ id, severity, title: titleFor(directory, cause, severity), splitFrom }];
  }
  if (effect.effect !== 'flapping' || effect.change !== 'escalated') return [];
  return [{ id: effect.incident, severity: effect.severity, title: titleFor(directory, effect.object, effect.severity, true) }];
}

function resolved(effect: Effect): { id: string; at: number }[] {
  const ends = effect.effect === 'resolve' || (effect.effect === 'flapping' && effect.change === 'resolved');
  return ends ? [{ id: effect.incident, at: effect.edge.at }] : [];
}

function titleFor(directory: Directory, cause: string, severity: Severity, flapping = false): string {
  const kind = directory.objects.get(cause)?.kind ?? 'device';
  const { language } = directory;
  const name = nameOf(directory, cause, language);
  return flapping ? flappingTitle(language, kind, name) : outageTitle(language, kind, name, severity);
}

function noticesOf(effect: Effect, now: number): NewNotice[] {
  switch (effect.effect) {
    case 'open':
      return effect.silent ? [] : [noticeOf(effect, 'opened', now)];
    case 'escalate':
      return [noticeOf(effect, 'escalated', now, effect.severity)];
    case 'resolve':
      return effect.silent ? [] : [noticeOf(effect, 'resolved', now, '', { resolution: resolutionOf(effect.reason) })];
    case 'flapping':
      if (effect.change === 'opened') return [noticeOf(effect, 'opened', now)];
      if (effect.change === 'escalated') return [noticeOf(effect, 'escalated', now, effect.severity)];
      return [noticeOf(effect, 'resolved', now, '', { resolution: resolutionOf(effect.reason) })];
    default:
      return [];
  }
}

function resolutionOf(reason: Of<'resolve'>['reason'] | Flapping<'resolved'>['reason']): NonNullable<NoticeBody['resolution']> {
  return reason === 'retired' || reason === 'unwatched' ? reason : 'recovered';
}

function noticeOf(
  { incident, decidedAt }: { readonly incident: string; readonly decidedAt: number },
  step: NewNotice['step'],
  now: number,
  occasion = '',
  body: NoticeBody = {},
): NewNotice {
  return { incident, step, occasion, body, decidedAt, dueAt: now };
}
