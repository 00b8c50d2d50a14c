import type { Edge } from '../state.ts';
import type { Severity } from './severity.ts';
import type { Look, Pending } from './world.ts';

export type OpenReason = 'no-parents' | 'parents-serve' | 'look-unanswered' | 'over-before-decided' | 'split-by-hand';
export type ResolveReason = 'serves' | 'retired' | 'unwatched' | 'over-before-decided';
export type LeaveReason = 'serves' | 'retired' | 'unwatched' | 'alerts-on-its-own' | 'behind-another-cause' | 'split-by-hand';
export type Note = 'cause-unknown' | 'cause-seen-again' | 'cause-eased' | 'cause-worse' | 'behind-another-cause' | 'split-refused';

/** What correlation wants done, in order. Joins and leaves name many objects at once. */
export type Effect =
  | {
      readonly effect: 'open';
      readonly incident: string;
      readonly cause: string;
      readonly severity: Severity;
      readonly edge: Edge;
      readonly decidedAt: number;
      readonly reason: OpenReason;
      /** For the record only: nobody is told. */
      readonly silent: boolean;
      /** The incident a person split it from. */
      readonly splitFrom?: string;
    }
  | {
      readonly effect: 'escalate';
      readonly incident: string;
      readonly cause: string;
      readonly severity: Severity;
      readonly decidedAt: number;
      readonly reason: OpenReason;
      readonly splitFrom?: string;
    }
  | { readonly effect: 'leave'; readonly incident: string; readonly objects: readonly string[]; readonly reason: LeaveReason }
  | { readonly effect: 'join'; readonly incident: string; readonly objects: readonly string[] }
  | {
      readonly effect: 'resolve';
      readonly incident: string;
      readonly cause: string;
      readonly edge: Edge;
      readonly decidedAt: number;
      readonly reason: ResolveReason;
      readonly silent: boolean;
    }
  | { readonly effect: 'note'; readonly incident: string; readonly note: Note; readonly object: string }
  | {
      readonly effect: 'pend';
      readonly pending: Pending;
      /** False for a symptom: its membership already says that it is undecided, and 100,000 rows would delay the recovery's notice. */
      readonly record: boolean;
    }
  | { readonly effect: 'unpend'; readonly objects: readonly string[] }
  | { readonly effect: 'look'; readonly looks: readonly Look[] }
  | FlappingEffect;

/** An object begins to come and go (`share` of its last rounds changed), does so worse, or is steady again. */
type FlappingEffect = { readonly effect: 'flapping'; readonly incident: string; readonly object: string; readonly decidedAt: number } & (
  | {
      readonly change: 'opened';
      readonly severity: Severity;
      readonly edge: Edge;
      readonly share: number;
      readonly changes: number;
    }
  | { readonly change: 'escalated'; readonly severity: Severity }
  | { readonly change: 'resolved'; readonly edge: Edge; readonly reason: 'steady' | 'retired' | 'unwatched' }
);

/** Gathers effects so that 100,000 children make one join, not 100,000. */
export class EffectList {
  readonly #incidents: Effect[] = [];
  readonly #joins = new Map<string, Set<string>>();
  readonly #leaves = new Map<string, { incident: string; reason: LeaveReason; objects: Set<string> }>();

  add(effect: Effect): void {
    this.#incidents.push(effect);
  }

  join(incident: string, object: string): void {
    const joins = this.#joins.get(incident);
    if (joins) joins.add(object);
    else this.#joins.set(incident, new Set([object]));
  }

  leave(incident: string, object: string, reason: LeaveReason): void {
    if (this.#joins.get(incident)?.delete(object)) return;
    const key = `${reason} ${incident}`;
    const leaves = this.#leaves.get(key) ?? { incident, reason, objects: new Set() };
    leaves.objects.add(object);
    this.#leaves.set(key, leaves);
  }

  addAll(effects: readonly Effect[]): void {
    this.#incidents.push(...effects);
  }

  /** Incidents are opened before anything joins them, and resolved only after whatever left or joined. */
  toArray(): Effect[] {
    const effects: Effect[] = this.#incidents.filter((effect) => effect.effect !== 'resolve');
    for (const { incident, reason, objects } of this.#leaves.values()) {
      effects.push({ effect: 'leave', incident, objects: [...objects], reason });
    }
    for (const [incident, objects] of this.#joins) if (objects.size > 0) effects.push({ effect: 'join', incident, objects: [...objects] });
    effects.push(...this.#incidents.filter((effect) => effect.effect === 'resolve'));
    return effects;
  }
}
