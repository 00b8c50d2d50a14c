import type { ReplyLine } from '@beacontower/collector-sdk';
import type { VerdictCode } from '@beacontower/contracts';
import { verdictOf } from './evidence.ts';
import type { PassTargets } from './targets.ts';

/** A target known to be down that answers again. `first`, `last` as in `Evidence`, monotonic ms. */
export interface Recovery {
  readonly row: number;
  readonly verdict: VerdictCode;
  readonly first: number;
  readonly last: number;
}

/** Replies in a row after which a recovery is certain before its round is over. */
const CERTAIN_AFTER = 2;

interface Heard {
  replies: number;
  inARow: number;
  lastProbe: number;
  firstAt: number;
}

/** Listens to the replies of a pass over fallen targets and says, once for each, when a recovery is certain. */
export class Recoveries {
  readonly #targets: PassTargets;
  readonly #startedAt: number;
  readonly #heard = new Map<number, Heard>();
  readonly #told = new Set<number>();
  readonly #positions = new Map<number, number[]>();

  /** @param startedAt monotonic ms before which no probe of the pass was sent. */
  constructor(targets: PassTargets, startedAt: number) {
    this.#targets = targets;
    this.#startedAt = startedAt;
    targets.slots.forEach((slot, position) => {
      const list = this.#positions.get(slot);
      if (list) list.push(position);
      else this.#positions.set(slot, [position]);
    });
  }

  told(position: number): boolean {
    return this.#told.has(this.#targets.slots[position] ?? -1);
  }

  /** @param at monotonic ms at which the replies were read: they had surely arrived by then. */
  hear(replies: readonly ReplyLine[], at: number): Recovery[] {
    return replies.flatMap(({ slot, probe }) => {
      if (this.#told.has(slot)) return [];
      const heard = this.#heard.get(slot) ?? { replies: 0, inARow: 0, lastProbe: -1, firstAt: at };
      // A duplicate or a reply that was overtaken counts for nothing here; the summary at the end has it.
      if (probe <= heard.lastProbe) return [];
      heard.inARow = probe === heard.lastProbe + 1 ? heard.inARow + 1 : 1;
      heard.replies++;
      heard.lastProbe = probe;
      this.#heard.set(slot, heard);
      const { probes, periodMs, degradedLoss } = this.#targets.policy;
      if (heard.inARow < Math.min(CERTAIN_AFTER, probes)) return [];
      this.#told.add(slot);
      const verdict = verdictOf(probe + 1, heard.replies, degradedLoss);
      const last = this.#startedAt + probe * periodMs;
      return (this.#positions.get(slot) ?? []).map((position) => ({
        row: this.#targets.rows[position] ?? 0,
        verdict,
        first: heard.firstAt,
        last,
      }));
    });
  }
}
