import type { TimelineSegment } from '@beacontower/contracts';
import type { State } from '@beacontower/domain';
import type { Span } from './range.ts';

/** A stretch of one state with its times as epoch ms. */
export interface Stretch extends Span {
  readonly state: State;
  readonly reason: TimelineSegment['reason'];
  readonly excluded: boolean;
  readonly uncertaintyMs: number;
  readonly cause: string | null;
  readonly party: string | null;
}

export function stretchesOf(segments: readonly TimelineSegment[]): Stretch[] {
  return segments.map(({ from, to, edgeUncertaintyMs, ...rest }) => ({
    ...rest,
    from: Date.parse(from),
    to: Date.parse(to),
    uncertaintyMs: edgeUncertaintyMs,
  }));
}

/** What a stretch of time came to. Times in ms; the availability is null where nothing was observed. */
export interface Reckoning {
  readonly upMs: number;
  readonly degradedMs: number;
  readonly downMs: number;
  readonly unknownMs: number;
  readonly excludedMs: number;
  readonly outages: number;
  readonly availability: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
}

/**
 * Adds up what is shown. What has not been judged yet (the last seconds) and what was not monitored is no time of it. The bounds take
 * every edge of an outage at its worst and unknown as down, and at its best and unknown as up; figures of reports, which know each
 * observation, are exact where these are a hair wider.
 */
export function reckon(stretches: readonly Stretch[]): Reckoning {
  const time = { up: 0, degraded: 0, down: 0, unknown: 0 };
  let excludedMs = 0;
  let outages = 0;
  let edgesMs = 0;
  for (const [place, stretch] of stretches.entries()) {
    const length = stretch.to - stretch.from;
    if (stretch.reason === 'not-monitored' || stretch.reason === 'not-judged-yet') continue;
    if (stretch.excluded) {
      excludedMs += length;
      continue;
    }
    time[stretch.state] += length;
    if (stretch.state !== 'down') continue;
    const after = stretches[place + 1];
    edgesMs += stretch.uncertaintyMs + (after?.uncertaintyMs ?? 0);
    if (stretches[place - 1]?.state !== 'down') outages += 1;
  }
  const upMs = time.up + time.degraded;
  return {
    upMs,
    degradedMs: time.degraded,
    downMs: time.down,
    unknownMs: time.unknown,
    excludedMs,
    outages,
    ...bounds(upMs, time.down, time.unknown, edgesMs),
  };
}

function bounds(upMs: number, downMs: number, unknownMs: number, edgesMs: number): Pick<Reckoning, 'availability' | 'lowest' | 'highest'> {
  const observed = upMs + downMs;
  if (observed === 0) return { availability: null, lowest: null, highest: null };
  const all = observed + unknownMs;
  return {
    availability: upMs / observed,
    lowest: Math.max(0, upMs - edgesMs) / all,
    highest: Math.min(all, upMs + unknownMs + Math.min(edgesMs, downMs)) / all,
  };
}

/** What one wants to read of the time shown: everything that was not up, the newest first; what nobody judged yet is no news. */
export function troubles(stretches: readonly Stretch[]): Stretch[] {
  return stretches.filter(({ state, excluded, reason }) => (state !== 'up' || excluded) && reason !== 'not-judged-yet').reverse();
}

/** Up to where the object has been judged: what lasts until there goes on. */
export function judgedUntil(stretches: readonly Stretch[]): number {
  return stretches.findLast(({ reason }) => reason !== 'not-judged-yet')?.to ?? Number.NEGATIVE_INFINITY;
}

/** The stretch at a moment. */
export function stretchAt(stretches: readonly Stretch[], at: number): Stretch | undefined {
  return stretches.find(({ from, to }) => from <= at && at < to);
}
