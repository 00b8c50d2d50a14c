/** Outages of a half-year whose mean availabilities are exactly the published ones: drawn from a seed, the last one of a class made to fit. */
import type { PublishedClass, PublishedObject } from './inventory.ts';

/** One line of the CSV of outages; times in epoch ms. */
export interface PublishedOutage {
  readonly object: string;
  readonly from: number;
  readonly to: number;
  readonly cause: string;
  readonly party: string;
  readonly planned: boolean;
}

/** Mean unavailability of each class, as published: 99.91%, 99.97% and 99.97%. */
export const UNAVAILABILITY: Readonly<Record<PublishedClass, number>> = {
  'user-access': 0.0009,
  'internet-exit': 0.0003,
  backbone: 0.0003,
};

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const CAUSES: readonly (readonly [category: string, party: string])[] = [
  ['fibre', 'carrier-a'],
  ['fibre', 'carrier-b'],
  ['fibre', 'carrier-a'],
  ['power', 'centre'],
  ['equipment', 'centre'],
  ['equipment', 'centre'],
  ['configuration', 'centre'],
];

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Member {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** One span of planned work, or none. */
  readonly planned: { from: number; to: number } | null;
  /** Time that counts, ms. */
  readonly counted: number;
  /** Its part of the class's unavailability. */
  readonly share: number;
}

/** The outages of the objects of one class in `[from, to)`. `commissioned` is when each came in, epoch ms. */
export function outagesOfClass(
  objects: readonly PublishedObject[],
  commissioned: (object: PublishedObject) => number,
  period: { readonly from: number; readonly to: number },
  unavailability: number,
  seed: number,
): PublishedOutage[] {
  const random = randomOf(seed);
  const members = objects.map((object, index): Member => {
    const from = Math.max(period.from, commissioned(object));
    const planned = index % 8 === 3 ? plannedIn(from, period.to, random) : null;
    const counted = period.to - from - (planned === null ? 0 : planned.to - planned.from);
    // Some lines never fail; an exponential spread over the rest.
    return { id: object.id, from, to: period.to, planned, counted, share: random() < 0.3 ? 0 : -Math.log(1 - random()) };
  });
  const all = members.reduce((sum, member) => sum + member.share, 0);
  const scale = (unavailability * members.length * 0.98) / all;
  const downs = members.map((member) => Math.round((member.counted * member.share * scale) / SECOND) * SECOND);
  // The first member takes what is left, to the millisecond: the mean is then the published one.
  const rest = unavailability * members.length - members.reduce((sum, member, index) => sum + (downs[index] as number) / member.counted, 0);
  const first = members[0] as Member;
  downs[0] = (downs[0] as number) + Math.round(rest * first.counted);
  return members.flatMap((member, index) => outagesOf(member, downs[index] as number, random));
}

function plannedIn(from: number, to: number, random: () => number): { from: number; to: number } {
  // At one in the morning of a day in the last third, for one to four hours.
  const day = Math.floor(((to - from) * (0.7 + random() * 0.25)) / (24 * HOUR));
  const begin = from + day * 24 * HOUR + HOUR;
  return { from: begin, to: begin + HOUR + Math.floor(random() * 3) * HOUR };
}

/** `down` ms of one member as outages in slots of their own in the first two thirds of its time, and its planned work. */
function outagesOf(member: Member, down: number, random: () => number): PublishedOutage[] {
  const work: PublishedOutage[] =
    member.planned === null ? [] : [{ object: member.id, ...member.planned, cause: 'cutover', party: 'centre', planned: true }];
  if (down === 0) return work;
  const count = Math.min(1 + Math.floor(random() * 4), Math.ceil(down / (60 * SECOND)));
  const slot = Math.floor(((member.to - member.from) * 0.65) / count / SECOND) * SECOND;
  const each = Math.floor(down / count / SECOND) * SECOND;
  const outages = Array.from({ length: count }, (_, index): PublishedOutage => {
    const length = index === 0 ? down - each * (count - 1) : each;
    const from = member.from + slot * index + Math.floor((random() * (slot - length)) / SECOND) * SECOND;
    const [cause, party] = CAUSES[Math.floor(random() * CAUSES.length)] as (typeof CAUSES)[number];
    return { object: member.id, from, to: from + length, cause, party, planned: false };
  });
  return [...outages, ...work];
}
