/** How lines of each kind are taken in: a line for each kind. */
import type { EnvelopeKind, EnvelopeOf } from '@beacontower/contracts';
import {
  type ApplyContext,
  applyIncarnation,
  applyMaintenance,
  applyNode,
  applyOutage,
  applyParties,
  applyReclassification,
  applyRevisions,
  applyRollups,
  applyToldTransitions,
  applyToldVersions,
  assertObjectsKnown,
  assumeUp,
  endForgotten,
  NotApplicable,
} from '@beacontower/database';

import { applyIncidents } from './incidents.ts';
import { scopeOf } from './scope.ts';

/** Takes in lines of one kind that follow each other. Throws `NotApplicable` with the place of the line that cannot be. */
type Applier<K extends EnvelopeKind> = (context: ApplyContext, run: readonly EnvelopeOf<K>[]) => Promise<void>;

export const APPLIERS: { readonly [K in EnvelopeKind]: Applier<K> } = {
  incarnation: each(async (context, { payload }) => {
    await applyIncarnation(context, payload);
    if (tellsOutagesAlone(context)) await endForgotten(context, payload.knownUntil);
  }),
  node: each((context, { payload }) => applyNode(context, payload)),
  party: (context, run) => applyParties(context, payloadsOf(run)),
  async inventory(context, run) {
    const versions = payloadsOf(run);
    await applyToldVersions(context.tx, versions, { node: context.held.node, now: context.now });
    if (!tellsOutagesAlone(context)) return;
    await assumeUp(
      context.tx,
      versions.map(({ object, validFrom }) => ({ id: object.id, from: validFrom })),
      context.now,
    );
  },
  async transition({ tx, held, mode, now }, run) {
    await applyToldTransitions(tx, payloadsOf(run), { mode, keptUntil: held.keptUntil, now });
  },
  async revision(context, run) {
    const told = payloadsOf(run);
    await assertObjectsKnown(
      context.tx,
      told.map(({ object }) => object),
    );
    await applyRevisions(context, told);
  },
  async outage(context, run) {
    await assertObjectsKnown(
      context.tx,
      run.map(({ payload }) => payload.object),
    );
    for (const { payload, recordedAt } of run) await applyOutage(context, payload, recordedAt);
  },
  incident: ({ tx, held, nodes, later, now }, run) => {
    const last = run.at(-1)?.sequence ?? 0;
    return applyIncidents(tx, run, { scope: scopeOf(held.node, nodes), tellAt: tellingAt(held, last, now), later, now });
  },
  maintenance: each((context, { payload }) => applyMaintenance(context, payload, 0)),
  reclassification: each((context, { payload }) => applyReclassification(context, payload, 0)),
  rollup: (context, run) => applyRollups(context, run),
};

/** At the latest people are told so long after what was asked for in the midst of a backlog. */
const HELD_BACK_MS = 120_000;

// The node has more to say already than these lines: what they ask for may be over in those that follow, and nobody is woken for that.
function tellingAt({ pending }: ApplyContext['held'], last: number, now: number): number {
  return pending.some(({ log }) => log > last) ? now + HELD_BACK_MS : now;
}

/** One after the other, where lines are few; what is wrong with one is told with its place. */
function each<K extends EnvelopeKind>(apply: (context: ApplyContext, envelope: EnvelopeOf<K>) => Promise<void>): Applier<K> {
  return async (context, run) => {
    for (const [index, envelope] of run.entries()) {
      await apply(context, envelope).catch((error: unknown) => {
        throw error instanceof NotApplicable ? new NotApplicable(error.code, error.message, index) : error;
      });
    }
  };
}

function payloadsOf<P>(run: readonly { readonly payload: P }[]): P[] {
  return run.map(({ payload }) => payload);
}

function tellsOutagesAlone({ held: { capabilities } }: ApplyContext): boolean {
  return capabilities.includes('outages') && !capabilities.includes('transitions');
}
