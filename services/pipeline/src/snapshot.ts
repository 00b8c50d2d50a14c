import { type CheckState, NO_RUN, type Run, STATES, type State } from '@beacontower/domain';
import { packUint8, packUint32, packValue, unpackUint32, unpackValue } from '@beacontower/queue';
import { z } from 'zod';
import type { PartitionSnapshot } from './partition.ts';

const bytes = z.instanceof(Uint8Array);
const moment = z.number().nullable();
/** Runs that were remembered before there was `began` begin with their first evidence. */
const run = z
  .object({ count: z.number(), confirmed: z.number(), first: z.number(), began: z.number().exactOptional(), after: moment })
  .transform((stored): Run => ({ ...stored, began: stored.began ?? stored.first }));
const RUNS = ['bad', 'good', 'level'] as const;
const TIMES = ['lastAt', 'lookedTick', 'lastGood', 'lastBad'] as const;

/**
 * A partition's memory as it lies in PostgreSQL: columns with one value a check (`times` holds four Float64 a check, NaN
 * for none), and lists of what few checks have. 100,000 checks must be packed in milliseconds, many times a minute.
 */
const Stored = z.object({
  format: z.literal(1),
  keys: bytes,
  states: bytes,
  times: bytes,
  runs: z.array(z.tuple([z.number().int(), z.enum(RUNS), run])),
  objects: z.array(z.string()),
  objectStates: bytes,
  since: bytes,
  looks: z.array(z.tuple([z.number().int(), z.array(z.number())])),
  shards: z.array(z.tuple([z.string(), z.number(), z.number()])),
});

/** Packs a partition's memory for its row in PostgreSQL. */
export function packSnapshot(snapshot: PartitionSnapshot): Buffer {
  const { checks, objects, shards } = snapshot;
  const times = new Float64Array(checks.length * TIMES.length);
  const runs: [number, (typeof RUNS)[number], Run][] = [];
  checks.forEach(([, state], index) => {
    TIMES.forEach((field, offset) => {
      times[index * TIMES.length + offset] = state[field] ?? Number.NaN;
    });
    for (const name of RUNS) if (state[name].count > 0) runs.push([index, name, state[name]]);
  });
  return packValue({
    format: 1,
    keys: packUint32(checks.map(([key]) => key)),
    states: packUint8(checks.map(([, { state }]) => STATES.indexOf(state))),
    times: new Uint8Array(times.buffer),
    runs,
    objects: objects.map(([id]) => id),
    objectStates: packUint8(objects.map(([, state]) => STATES.indexOf(state))),
    since: new Uint8Array(Float64Array.from(objects, ([, , since]) => since).buffer),
    looks: objects.flatMap(([, , , looks], index) => (looks.length > 0 ? [[index, looks]] : [])),
    shards,
  });
}

/** Reads it back; throws on a format this version does not know. */
export function unpackSnapshot(packed: Uint8Array): PartitionSnapshot {
  const stored = Stored.parse(unpackValue(packed));
  const keys = unpackUint32(stored.keys);
  const times = unpackFloat64(stored.times);
  const since = unpackFloat64(stored.since);
  const checks = Array.from(keys, (key, index): [number, CheckState] => [key, checkStateOf(stored.states[index], times, index)]);
  for (const [index, name, value] of stored.runs) {
    const check = checks[index];
    if (check) check[1] = { ...check[1], [name]: value };
  }
  const looks = new Map(stored.looks);
  return {
    checks,
    objects: stored.objects.map((id, index) => [id, stateOf(stored.objectStates[index]), since[index] ?? 0, looks.get(index) ?? []]),
    shards: stored.shards,
  };
}

function checkStateOf(state: number | undefined, times: Float64Array, index: number): CheckState {
  const [lastAt = 0, lookedTick = 0, lastGood = Number.NaN, lastBad = Number.NaN] = times.subarray(
    index * TIMES.length,
    (index + 1) * TIMES.length,
  );
  return {
    state: stateOf(state),
    lastAt,
    lookedTick,
    lastGood: Number.isNaN(lastGood) ? null : lastGood,
    lastBad: Number.isNaN(lastBad) ? null : lastBad,
    bad: NO_RUN,
    good: NO_RUN,
    level: NO_RUN,
  };
}

function stateOf(index: number | undefined): State {
  const state = STATES[index ?? -1];
  if (state === undefined) throw new RangeError(`a snapshot names state number ${index}`);
  return state;
}

function unpackFloat64(column: Uint8Array): Float64Array {
  const copy = new Uint8Array(column.byteLength);
  copy.set(column);
  return new Float64Array(copy.buffer);
}
