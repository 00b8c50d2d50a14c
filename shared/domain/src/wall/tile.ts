import type { State } from '../state.ts';

/** Objects in one state: how many, and since when the first and the last of them are (epoch ms; null: not known of any). */
export interface StateTally {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
}
export type StateTallies = Readonly<Record<State, StateTally>>;

/**
 * What a province's tile is judged by: its landing devices (the network reaches the province through them), what carries it beside them
 * (backbone circuits, exits), and all else of it (lines, services). Quiet objects are in none of them.
 */
export interface TileInput {
  readonly landing: StateTallies;
  readonly carrying: StateTallies;
  readonly others: StateTallies;
  /** An incident that is critical or major is under way in it. */
  readonly severe: boolean;
  /** The node that reports of the province is not heard: since when, epoch ms; null: it is, or there is none. */
  readonly silentSince: number | null;
}

/**
 * Why a tile has its state: stable words. `few-in-trouble`: it serves, and so do all but fewer than one in a hundred of its lines;
 * `objects-unknown`: it serves, but of too many nobody knows. `node-silent`: its node is not heard, so that nobody here knows how it is;
 * `node-silent-landing-up`: nor then, but what is looked at from here shows that the province is reached.
 */
export const TILE_REASONS = [
  'landing-down',
  'landing-degraded',
  'landing-unknown',
  'objects-down',
  'objects-degraded',
  'objects-unknown',
  'severe-incident',
  'node-silent',
  'node-silent-landing-up',
  'nothing-known',
  'nothing-watched',
  'few-in-trouble',
  'all-up',
] as const;
export type TileReason = (typeof TILE_REASONS)[number];

export interface TileVerdict {
  readonly state: State;
  readonly reason: TileReason;
  /** Since when what makes the reason is so, epoch ms; null: not known. */
  readonly since: number | null;
}

export const NO_TALLY: StateTally = { count: 0, first: null, last: null };
export const NO_TALLIES: StateTallies = { up: NO_TALLY, degraded: NO_TALLY, down: NO_TALLY, unknown: NO_TALLY };

/** Of thousands of lines some are always down: from this share on they colour the tile. */
const SHARE_THAT_COUNTS = 0.01;

/**
 * The state of a tile. Down: nothing of the network reaches the province, or nothing of it is up. Unknown: nobody knows whether it does.
 * Degraded: it does, with something in trouble that matters. Up is only said where it is known of nearly everything. Blind is not down: of a
 * province whose node is not heard nobody knows, unless what is looked at from here says that it is cut off.
 */
export function judgeTile(input: TileInput): TileVerdict {
  const all = mergeTallies(mergeTallies(input.landing, input.carrying), input.others);
  if (input.silentSince === null && totalOf(all) === 0) return { state: 'unknown', reason: 'nothing-watched', since: null };
  if (input.silentSince === null && all.unknown.count === totalOf(all))
    return { state: 'unknown', reason: 'nothing-known', since: all.unknown.last };
  const landing = judgeLanding(input.landing);
  return input.silentSince === null ? (landing ?? judgeAll(input, all)) : judgeSilent(input.landing, landing, input.silentSince);
}

function judgeSilent(devices: StateTallies, landing: TileVerdict | null, since: number): TileVerdict {
  if (landing?.state === 'down') return landing;
  const isReached = devices.up.count + devices.degraded.count > 0;
  return { state: 'unknown', reason: isReached ? 'node-silent-landing-up' : 'node-silent', since };
}

/** Null when the landing devices are all up, or there is none. */
function judgeLanding(landing: StateTallies): TileVerdict | null {
  const { up, degraded, down, unknown } = landing;
  if (totalOf(landing) === up.count) return null;
  const serves = up.count + degraded.count > 0;
  // It was cut off when the last of them went; it is in trouble since the first did.
  if (!serves && unknown.count > 0) return { state: 'unknown', reason: 'landing-unknown', since: unknown.last };
  if (!serves) return { state: 'down', reason: 'landing-down', since: down.last };
  if (down.count + degraded.count > 0)
    return { state: 'degraded', reason: 'landing-degraded', since: earliest(down.first, degraded.first) };
  return { state: 'degraded', reason: 'landing-unknown', since: unknown.first };
}

function judgeAll({ landing, carrying, others, severe }: TileInput, all: StateTallies): TileVerdict {
  if (totalOf(landing) === 0 && all.down.count === totalOf(all)) return { state: 'down', reason: 'objects-down', since: all.down.last };
  for (const [state, reason] of REASONS) {
    const counted = [carrying[state], ...(matters(others, state) ? [others[state]] : [])].filter(({ count }) => count > 0);
    if (counted.length > 0) return { state: 'degraded', reason, since: counted.map(({ first }) => first).reduce(earliest, null) };
  }
  const troubled = earliest(earliest(all.down.first, all.degraded.first), all.unknown.first);
  if (severe) return { state: 'degraded', reason: 'severe-incident', since: troubled };
  const since = totalOf(landing) > 0 ? landing.up.last : all.up.last;
  return all.up.count === totalOf(all) ? { state: 'up', reason: 'all-up', since } : { state: 'up', reason: 'few-in-trouble', since };
}

const REASONS = [
  ['down', 'objects-down'],
  ['degraded', 'objects-degraded'],
  ['unknown', 'objects-unknown'],
] as const;

// Those that are worse count with it: 5 down and 6 degraded of 1,000 are eleven in trouble.
function matters(tallies: StateTallies, state: 'down' | 'degraded' | 'unknown'): boolean {
  const { down, degraded, unknown } = tallies;
  const worse = { down: down.count, degraded: down.count + degraded.count, unknown: down.count + degraded.count + unknown.count }[state];
  return tallies[state].count > 0 && worse >= SHARE_THAT_COUNTS * totalOf(tallies);
}

/** Two groups of objects as one. */
export function mergeTallies(a: StateTallies, b: StateTallies): StateTallies {
  const merge = (state: State): StateTally => ({
    count: a[state].count + b[state].count,
    first: earliest(a[state].first, b[state].first),
    last: latest(a[state].last, b[state].last),
  });
  return { up: merge('up'), degraded: merge('degraded'), down: merge('down'), unknown: merge('unknown') };
}

function totalOf({ up, degraded, down, unknown }: StateTallies): number {
  return up.count + degraded.count + down.count + unknown.count;
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
