/** What schemas do not say of lines: times that can be, and what the record can hold. Pure. */
import type { Envelope, FederationCode } from '@beacontower/contracts';
import type { Fault } from './scope.ts';

/** Clocks of two nodes differ a little. */
const FUTURE_MS = 60_000;
/** The end of the year 9999: planned work lies before it. */
const LATEST_MS = 253_402_300_799_999;
/** The record keeps resolutions as 32-bit numbers. */
const LONGEST_RESOLUTION_MS = 2_147_483_647;

/** Why a line cannot be true, or cannot be kept; null: it can. `now`: the clock here, epoch ms. */
export function unsound(envelope: Envelope, now: number): Fault | null {
  const limit = now + FUTURE_MS;
  const late = happened(envelope).find((at) => at > limit);
  if (late !== undefined)
    return fault('event-in-future', 'it tells of a time to come: the clock of your node is ahead, or its record is wrong');
  return unkeepable(envelope);
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
    default:
      return [eventAt, recordedAt];
  }
}

function unkeepable(envelope: Envelope): Fault | null {
  const { kind, payload } = envelope;
  switch (kind) {
    case 'inventory':
      return payload.validTo !== null && payload.validTo > LATEST_MS ? invalid('it ends after the year 9999') : null;
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
