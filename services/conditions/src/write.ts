import {
  type ConditionEnding,
  type ConditionOpening,
  openConditionIncidents,
  type Queryable,
  resolveConditionIncidents,
  saveConditionStates,
} from '@beacontower/database';
import type { Change } from './changes.ts';
import { conditionFacts, titleOf } from './facts.ts';
import type { Subject } from './subject.ts';

/** What was done in a transaction, to be counted after its commit. */
export interface WrittenChanges {
  readonly raised: number;
  readonly ended: number;
  /** Incident that was asked for → the one that was under way already. */
  readonly adopted: ReadonlyMap<string, string>;
}

/** Opens and resolves incidents in the order of the changes: of one object first one ends, then the next begins. */
export async function writeChanges(tx: Queryable, changes: readonly Change[], language: 'zh' | 'en', now: number): Promise<WrittenChanges> {
  const adopted = new Map<string, string>();
  let ended = 0;
  for (const part of untilRepeated(changes)) {
    const openings = part.flatMap((change) => (change.change === 'raised' ? [openingOf(change, language)] : []));
    const underWay = await openConditionIncidents(tx, openings, now);
    for (const [asked, id] of underWay) if (asked !== id) adopted.set(asked, id);
    const endings = part.flatMap((change) => (change.change === 'ended' ? [endingOf(change, adopted)] : []));
    ended += (await resolveConditionIncidents(tx, endings, now)).size;
  }
  return { raised: changes.filter(({ change }) => change === 'raised').length - adopted.size, ended, adopted };
}

/** Saves what is remembered of subjects; what nothing is afoot of any more leaves the record. */
export async function writeMemory(
  tx: Queryable,
  subjects: Iterable<Subject>,
  adopted: ReadonlyMap<string, string>,
  now: number,
): Promise<void> {
  const states = [];
  const gone = [];
  for (const subject of subjects) {
    const { memory, incident, isRecorded } = subject;
    const key = { condition: subject.condition.body.id, object: subject.object.id };
    if (memory !== null) states.push({ ...key, memory, incident: incident === null ? null : (adopted.get(incident) ?? incident) });
    else if (isRecorded) gone.push(key);
  }
  await saveConditionStates(tx, states, gone, now);
}

/** Parts in which each subject has at most one change. */
function untilRepeated(changes: readonly Change[]): Change[][] {
  const parts: Change[][] = [];
  let part: Change[] = [];
  let seen = new Set<Subject>();
  for (const change of changes) {
    if (part.length === 0 || seen.has(change.subject)) {
      part = [];
      parts.push(part);
      seen = new Set();
    }
    part.push(change);
    seen.add(change.subject);
  }
  return parts;
}

function openingOf({ subject, incident, memory, at }: Extract<Change, { change: 'raised' }>, language: 'zh' | 'en'): ConditionOpening {
  const { body } = subject.condition;
  const { id, division, party, class: objectClass } = subject.object;
  const head = { id: incident, object: id, severity: body.severity, division, party, class: objectClass };
  const edge = { at, earliest: Math.min(at, memory.earliest), latest: at };
  return { ...head, title: titleOf(language, body, subject.object), edge, facts: conditionFacts(body, memory) };
}

function endingOf(
  { subject, incident, memory, at, resolution }: Extract<Change, { change: 'ended' }>,
  adopted: ReadonlyMap<string, string>,
): ConditionEnding {
  return { id: adopted.get(incident) ?? incident, at, resolution, facts: conditionFacts(subject.condition.body, memory) };
}
