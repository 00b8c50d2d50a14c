/** Lines of kind `incident`: what a node below tells of incidents, its own and those below it (decision 0027). */
import type { EnvelopeOf } from '@beacontower/contracts';
import { applyToldIncidents, ForeignIncident, readNodeIdentity, type Transaction } from '@beacontower/database';
import { Refusal } from '../protocol/refusal.ts';
import type { NodeScope } from './scope.ts';

/** Takes in a run of lines in the caller's transaction; one that is not the node's to say refuses the batch. */
export async function applyIncidents(
  tx: Transaction,
  run: readonly EnvelopeOf<'incident'>[],
  {
    scope,
    tellAt,
    later,
    now,
  }: { readonly scope: NodeScope; readonly tellAt: number; readonly later: (() => Promise<unknown>)[] | undefined; readonly now: number },
): Promise<void> {
  if (run.length === 0) return;
  const own = (await readNodeIdentity(tx))?.node ?? '';
  const payloads = run.map(({ payload }) => payload);
  await applyToldIncidents(tx, payloads, { own, from: scope.node, nodes: scope.nodes, division: scope.division, tellAt, later, now }).catch(
    (error: unknown) => {
      if (!(error instanceof ForeignIncident)) throw error;
      const sequence = run.find(({ payload }) => payload.incident.id === error.incident)?.sequence;
      throw new Refusal('out-of-scope', error.message, sequence === undefined ? {} : { sequence });
    },
  );
}
