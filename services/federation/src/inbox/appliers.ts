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
  incident: (context, run) => applyIncidents(context.tx, run, { scope: scopeOf(context.held.node, context.nodes), now: context.now }),
  maintenance: each((context, { payload }) => applyMaintenance(context, payload, 0)),
  reclassification: each((context, { payload }) => applyReclassification(context, payload, 0)),
  rollup: (context, run) => applyRollups(context, run),
};

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
