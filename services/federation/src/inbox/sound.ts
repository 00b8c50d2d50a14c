/** What schemas do not say of lines: times that can be, and what the record can hold. Pure. */
import type { Envelope, FederationCode, Snapshot } from '@beacontower/contracts';
import { requireTimeZone } from '@beacontower/domain';
import type { Fault } from './scope.ts';

/** Clocks of two nodes differ a little. */
const FUTURE_MS = 60_000;
/** The end of the year 9999: planned work lies before it. */
const LATEST_MS = 253_402_300_799_999;
/** The record keeps resolutions as 32-bit numbers. */
const LONGEST_RESOLUTION_MS = 2_147_483_647;
/** Weights are summed over a country: beyond, a sum would be no number any more. */
const HEAVIEST = 1e12;
/** Nothing that anybody says of an incident has more levels. */
const DEEPEST = 32;
const DAY_MS = 86_400_000;

/** Why a line cannot be true, or cannot be kept; null: it can. `now`: the clock here, epoch ms. */
export function unsound(envelope: Envelope, now: number): Fault | null {
  const limit = now + FUTURE_MS;
  const late = happened(envelope).find((at) => at > limit);
  if (late !== undefined)
    return fault('event-in-future', 'it tells of a time to come: the clock of your node is ahead, or its record is wrong');
  return unkeepable(envelope);
}

/** Why a snapshot cannot be true: of a time to come nobody knows anything, and a watermark that was moved there would never come back. */
export function unsoundSnapshot({ observed, states }: Pick<Snapshot, 'observed' | 'states'>, now: number): Fault | null {
  const limit = now + FUTURE_MS;
  const early = observed.find(({ until }) => until.pinged > limit || until.all > limit || until.composed > limit);
  if (early !== undefined) return fault('event-in-future', `${early.node} is said to be observed until a time to come`);
  const late = states.find(([, , since]) => since > limit);
  return late === undefined ? null : fault('event-in-future', `${late[0]} is said to be so since a time to come`);
}

const fault = (code: FederationCode, detail: string): Fault => ({ code, detail });
const invalid = (detail: string): Fault => fault('envelope-invalid', detail);

/** Moments at which something is said to have happened. */
function happened(envelope: Envelope): number[] {
  const { eventAt, recordedAt, kind, payload } = envelope;
  switch (kind) {
    // Planned work lies in the future; that it was planned does not.
    case 'maintenance':
      return [recordedAt, payload.createdAt, payload.approvedAt ?? 0, payload.cancelledAt ?? 0];
    case 'reclassification':
      return [recordedAt, payload.recordedAt, payload.withdrawnAt ?? 0];
    case 'transition':
      return [eventAt, recordedAt, payload.latest, payload.decidedAt];
    case 'revision':
      return [eventAt, recordedAt, ...payload.transitions.flatMap(({ latest, decidedAt }) => [latest, decidedAt])];
    case 'outage':
      return [eventAt, recordedAt, payload.began.latest, payload.ended?.latest ?? 0];
    case 'inventory':
      return [eventAt, recordedAt, payload.validFrom];
    case 'incarnation':
      return [eventAt, recordedAt, payload.knownUntil ?? 0];
    case 'incident':
      return [eventAt, recordedAt, payload.incident.started.latest, payload.incident.openedAt, payload.incident.resolvedAt ?? 0];
    // Somewhere on Earth the day has begun by then.
    case 'rollup':
      return [eventAt, recordedAt, Date.parse(payload.date) - DAY_MS];
    default:
      return [eventAt, recordedAt];
  }
}

function unkeepable(envelope: Envelope): Fault | null {
  const { kind, payload } = envelope;
  switch (kind) {
    case 'node':
      return zoneFault(payload.timeZone);
    case 'inventory':
      if (payload.object.weight > HEAVIEST) return invalid('the weight is too large');
      return payload.validTo !== null && payload.validTo > LATEST_MS ? invalid('it ends after the year 9999') : null;
    case 'incident':
      return incidentFault(payload);
    case 'rollup':
      return Date.parse(payload.date) < 0 ? invalid('the day lies before 1970') : zoneFault(payload.timeZone);
    case 'transition':
      return payload.resolutionMs > LONGEST_RESOLUTION_MS ? invalid('the resolution is too long') : null;
    case 'outage':
      if (payload.ended !== null && payload.ended.at < payload.began.at) return invalid('the outage ends before it begins');
      return payload.resolutionMs > LONGEST_RESOLUTION_MS ? invalid('the resolution is too long') : null;
    case 'revision':
      return revisionFault(payload);
    case 'maintenance':
      return spanFault(payload);
    case 'reclassification':
      if ((payload.effect === 'charge') !== (payload.party !== null))
        return invalid('a party is named if, and only if, outages are charged');
      return payload.reason === '' ? invalid('it gives no reason') : spanFault(payload);
    default:
      return null;
  }
}

function spanFault({ startsAt, endsAt }: { readonly startsAt: number; readonly endsAt: number }): Fault | null {
  if (endsAt <= startsAt) return invalid('it ends before it begins');
  return endsAt > LATEST_MS ? invalid('it ends after the year 9999') : null;
}

function revisionFault({ from, to, transitions, resolutionMs }: Extract<Envelope, { kind: 'revision' }>['payload']): Fault | null {
  if (resolutionMs > LONGEST_RESOLUTION_MS) return invalid('the resolution is too long');
  if (from > LATEST_MS || (to !== null && (to < from || to > LATEST_MS))) return invalid('the stretch is none');
  let before = from;
  for (const { at } of transitions) {
    if (at < before || (to !== null && at >= to)) return invalid('its changes are out of order, or outside the stretch');
    before = at;
  }
  return null;
}

// By a zone that nobody knows, no day could be worked out: not that of this node, and of no other that is looked at in the same pass.
function zoneFault(timeZone: string): Fault | null {
  try {
    requireTimeZone(timeZone);
    return null;
  } catch {
    return invalid('the time zone is not known: expected a name such as Asia/Shanghai');
  }
}

/** Members that hold a moment: those of the schema, and those that lines of a timeline use. */
const MOMENT = /^(?:at|since|earliest|latest)$|(?:At|Until|By)$/;

// Its lines say what they like; what is answered to whoever lists incidents has to be made of it all the same.
function incidentFault(payload: Extract<Envelope, { kind: 'incident' }>['payload']): Fault | null {
  const left: (readonly [value: unknown, level: number])[] = [[payload, 0]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [value, level] = next;
    if (value === null || typeof value !== 'object') continue;
    if (level > DEEPEST) return invalid('it is nested too deep');
    for (const [name, each] of Object.entries(value)) {
      if (typeof each === 'number' && MOMENT.test(name) && Math.abs(each) > LATEST_MS) return invalid(`${name}: lies after the year 9999`);
      left.push([each, level + 1]);
    }
  }
  return null;
}
