/** Small scenarios for the tests: objects, what is seen of them, and what comes of it, in words. */
import type { ObjectClass, ParentRule } from '../inventory.ts';
import type { State } from '../state.ts';
import { DEFAULT_CORRELATION_POLICY } from './decide.ts';
import type { Effect } from './effects.ts';
import { seeLook, seeTransition, turnsBack } from './observe.ts';
import { settle, touchExpired } from './settle.ts';
import { splitOff } from './split.ts';
import { type CorrelatedObject, createWorld, replaceInventory, type World } from './world.ts';

/** `parents` of an object, with the rule: `c: { of: ['a', 'b'], rule: 'all' }`; a number is at-least-k. */
export interface Sketch {
  readonly of?: readonly string[];
  readonly rule?: 'any' | 'all' | number;
  readonly class?: ObjectClass;
  /** Transparent: has no checks of its own. */
  readonly unmonitored?: true;
  readonly quiet?: true;
  /** It is what its parents make of it. */
  readonly composite?: true;
  /** A round, ms; without it nothing flaps. */
  readonly round?: number;
}

export function sketch(objects: Readonly<Record<string, Sketch>>): CorrelatedObject[] {
  return Object.entries(objects).map(
    ([id, { of = [], rule = 'any', class: objectClass = 'backbone', unmonitored, quiet, composite, round }]) => ({
      id,
      class: objectClass,
      monitored: unmonitored !== true,
      parents: of,
      rule: ruleOf(rule),
      quiet: quiet ?? false,
      composite: composite ?? false,
      ...(round === undefined ? {} : { roundMs: round }),
    }),
  );
}

function ruleOf(rule: 'any' | 'all' | number): ParentRule {
  return typeof rule === 'number' ? { require: 'at-least', count: rule } : { require: rule };
}

/** A scenario: every object is up and was last seen so at 1,000. Times are ms; an edge is 100 ms wide and ends at the time given. */
export class Scenario {
  readonly world: World;
  readonly #incidents = new Map<string, number>();
  #transition = 0;

  constructor(objects: Readonly<Record<string, Sketch>>) {
    this.world = createWorld(sketch(objects));
    for (const object of this.world.objects.values()) if (object.monitored) this.see(object.id, 'up', 1_000);
    this.settle(1_000);
    for (const [id, status] of this.world.statuses) this.world.statuses.set(id, { ...status, servingSince: 0, fineSince: 0 });
  }

  /** Takes a transition in without deciding yet. */
  see(object: string, to: State, at: number): string[] {
    this.#transition += 1;
    const edge = { at: at - 50, earliest: at - 100, latest: at };
    const seen = { object, to, edge, decidedAt: at, transition: this.#transition };
    const before = turnsBack(this.world, seen) ? this.settle(at) : [];
    seeTransition(this.world, seen);
    return before;
  }

  /** A transition, decided at once. */
  goes(object: string, to: State, at: number): string[] {
    return [...this.see(object, to, at), ...this.settle(at)];
  }

  looked(object: string, state: State, at: number): string[] {
    seeLook(this.world, { object, state, observedAt: at });
    return this.settle(at);
  }

  /** Nothing is seen until `now`: what has expired is decided. */
  waits(now: number): string[] {
    touchExpired(this.world, now);
    return this.settle(now);
  }

  splits(incident: string, objects: readonly string[], now: number): string[] {
    const refused = splitOff(this.world, incident, objects);
    return [...refused.map((id) => `refused ${id}`), ...this.settle(now)];
  }

  inventory(objects: Readonly<Record<string, Sketch>>, now: number): string[] {
    replaceInventory(this.world, sketch(objects));
    return this.settle(now);
  }

  settle(now: number): string[] {
    const incidentId = (cause: string, _transition: number, kind?: 'flapping') => {
      if (kind === 'flapping') return `F(${cause})`;
      const times = (this.#incidents.get(cause) ?? 0) + 1;
      this.#incidents.set(cause, times);
      return times === 1 ? `I(${cause})` : `I(${cause})#${times}`;
    };
    return settle(this.world, { now, overdueAt: now, policy: DEFAULT_CORRELATION_POLICY, incidentId }).map(inWords);
  }
}

function inWords(effect: Effect): string {
  switch (effect.effect) {
    case 'open':
      return `open ${effect.cause} ${effect.severity}: ${effect.reason}${effect.silent ? ' (silent)' : ''}`;
    case 'escalate':
      return `escalate ${effect.cause} ${effect.severity}`;
    case 'join':
      return `join ${effect.incident}: ${effect.objects.join(' ')}`;
    case 'leave':
      return `leave ${effect.incident}: ${effect.objects.join(' ')} (${effect.reason})`;
    case 'resolve':
      return `resolve ${effect.cause}: ${effect.reason}${effect.silent ? ' (silent)' : ''}`;
    case 'note':
      return `note ${effect.incident}: ${effect.note}`;
    case 'pend':
      return `pend ${effect.pending.object}: ${effect.pending.waitingFor} by ${effect.pending.decideBy}`;
    case 'flapping':
      return flappingInWords(effect);
    case 'unpend':
      return `unpend ${effect.objects.join(' ')}`;
    case 'look':
      return `look ${effect.looks.map((look) => `${look.object}>=${look.after}`).join(' ')}`;
  }
}

function flappingInWords(effect: Extract<Effect, { effect: 'flapping' }>): string {
  if (effect.change === 'resolved') return `flapping ${effect.object} ends: ${effect.reason}`;
  if (effect.change === 'escalated') return `flapping ${effect.object} ${effect.severity}`;
  return `flapping ${effect.object} begins ${effect.severity}: ${effect.changes} changes, ${Math.round(effect.share * 100)}%`;
}
