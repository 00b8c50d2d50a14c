import { combineChecks, type Edge, exactEdge, INITIAL_CHECK_STATE, lastEvidence, type State, type Transition } from '@beacontower/domain';
import { type CheckRecord, type ObjectRecord, reasonForChange } from './records.ts';

/** A transition to be recorded, of an object (`check` null) or of one of its checks. */
export interface RecordedTransition {
  readonly objectId: string;
  readonly check: string | null;
  readonly transition: Transition;
  readonly resolutionMs: number;
  /** Whether the ordered log tells it: every object's, and a check's only where it says more than its object's. */
  readonly told: boolean;
}

/** What is said of an object that left the inventory while it was known how it did, and of its checks. */
export function retire(
  {
    id,
    state,
    since,
    checks,
  }: { readonly id: string; readonly state: State; readonly since: number; readonly checks: readonly CheckRecord[] },
  now: number,
): RecordedTransition[] {
  const edge = lastSeen(lastEvidenceOf(checks, now), Math.max(now, since));
  const transition: Transition = { from: state, to: 'unknown', edge, reason: 'retired', decidedAt: now };
  const said: RecordedTransition[] = [{ objectId: id, check: null, transition, resolutionMs: 0, told: true }];
  for (const check of checks) {
    if (check.state.state === 'unknown') continue;
    const own: Transition = { ...transition, from: check.state.state, edge: lastSeen(lastEvidence(check.state), now) };
    said.push({ objectId: id, check: check.definition.id, transition: own, resolutionMs: 0, told: false });
  }
  return said;
}

/**
 * Moves an object, and says what is to be recorded of it: a changed rule or set of checks can change what is said of it at once; so
 * can a device that is not asked any more.
 */
export function reconsider(record: ObjectRecord, now: number): RecordedTransition[] {
  const seen = lastEvidenceOf(record.checks, now);
  const said: RecordedTransition[] = [];
  for (const check of record.checks) if (!check.probe && check.state.state !== 'unknown') said.push(abandon(record, check, now));
  const states = record.checks.map((check) => check.state.state);
  const to = combineChecks(record.object.servingRule, record.kinds, states);
  if (to === record.state) return said;
  const at = Math.max(now, record.since);
  const edge = to === 'unknown' ? lastSeen(seen, at) : exactEdge(at);
  const transition: Transition = { from: record.state, to, edge, reason: reasonForChange(record, to), decidedAt: now };
  said.push({ objectId: record.object.id, check: null, transition, resolutionMs: record.resolutionMs, told: true });
  record.state = to;
  record.since = at;
  return said;
}

/** Nobody looks at the check from now on: what was seen of it last does not count for ever. */
function abandon(record: ObjectRecord, check: CheckRecord, now: number): RecordedTransition {
  const { state } = check;
  const edge = lastSeen(lastEvidence(state), now);
  const transition: Transition = { from: state.state, to: 'unknown', edge, reason: 'not-monitored', decidedAt: now };
  check.state = { ...INITIAL_CHECK_STATE, lastAt: state.lastAt, lookedTick: state.lookedTick };
  const told = record.checks.length > 1;
  return { objectId: record.object.id, check: check.definition.id, transition, resolutionMs: 0, told };
}

/** The first of the checks' last evidence: of the time since then not all is known, and an outage may have begun in it. */
function lastEvidenceOf(checks: readonly CheckRecord[], now: number): number {
  const known = checks.filter((check) => check.state.state !== 'unknown');
  return Math.min(now, ...known.map((check) => lastEvidence(check.state)));
}

/** The end of what was known, at a moment, of something last seen before. */
function lastSeen(evidence: number, at: number): Edge {
  return { at, earliest: Math.min(evidence, at), latest: at };
}
