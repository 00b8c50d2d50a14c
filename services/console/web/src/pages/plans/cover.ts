/** What somebody fills in about planned work or a silence, and the request it becomes. */
import { momentOf } from './zoned-time.ts';

export interface PlanDraft {
  readonly text: string;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  readonly classes: readonly string[];
  readonly parties: readonly string[];
  readonly severities: readonly string[];
  readonly kinds: readonly string[];
  /** As the field has it; empty: at once. */
  readonly from: string;
  readonly to: string;
}

export type DraftFault = 'missingCover' | 'missingMuted' | 'missingText' | 'badTimes' | 'tooLong';
const YEAR_MS = 366 * 86_400_000;

export interface Times {
  /** Epoch ms; null: at once. */
  readonly startsAt: number | null;
  readonly endsAt: number;
}

/** When it lasts, or what is wrong with that. `now`: epoch ms. */
export function timesOf({ from, to }: Pick<PlanDraft, 'from' | 'to'>, timeZone: string, now: number): Times | 'badTimes' | 'tooLong' {
  const startsAt = from === '' ? null : momentOf(from, timeZone);
  const endsAt = momentOf(to, timeZone);
  if (endsAt === null || (from !== '' && startsAt === null)) return 'badTimes';
  if (endsAt <= (startsAt ?? now) || endsAt <= now) return 'badTimes';
  return endsAt - (startsAt ?? now) > YEAR_MS ? 'tooLong' : { startsAt, endsAt };
}

const iso = (at: number): string => new Date(at).toISOString();

/** What a preview is asked, whatever it is of; or what is still missing for it. */
export function previewOf(draft: PlanDraft, sort: 'maintenance' | 'silence', timeZone: string, now: number): object | DraftFault {
  const { objects, divisions } = draft;
  const times = timesOf(draft, timeZone, now);
  const placed = objects.length + divisions.length > 0;
  if (sort === 'maintenance' && !placed) return 'missingCover';
  if (!placed && draft.classes.length + draft.parties.length === 0) return 'missingMuted';
  if (typeof times === 'string') return times;
  const when = { ...(times.startsAt === null ? {} : { startsAt: iso(times.startsAt) }), endsAt: iso(times.endsAt) };
  if (sort === 'maintenance') return { objects, divisions, ...when };
  const { classes, parties, severities, kinds } = draft;
  return { objects, divisions, classes, parties, severities, kinds, ...when };
}

/** The request that creates it, or what is still missing. Planned work always says when it starts. */
export function creationOf(draft: PlanDraft, sort: 'maintenance' | 'silence', timeZone: string, now: number): object | DraftFault {
  const preview = previewOf(draft, sort, timeZone, now);
  if (typeof preview === 'string') return preview;
  const text = draft.text.trim();
  if (text === '') return 'missingText';
  if (sort === 'silence') return { ...preview, reason: text };
  return { startsAt: iso(now), ...preview, title: text };
}
