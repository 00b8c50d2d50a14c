import type { SelfRounds } from '@beacontower/contracts';
import type { Increases } from '../increases.ts';

/** How a collector names the end of a round that did not take place. */
const LATE = 'late';
const NOT_RUN = ['late', 'no-plan', 'failed'] as const;

/**
 * Rounds of each kind and zone within the window. What the scheduler says of them (due, passed over, dropped) and what the
 * collectors say (taken, blind, late, …) are counted apart, so that neither can hide what the other has not done.
 */
export function roundsOf(increases: Increases, planned: readonly { readonly kind: string; readonly zone: string }[]): SelfRounds[] {
  const pairs = new Map(planned.map((pair) => [JSON.stringify([pair.kind, pair.zone]), pair]));
  return [...pairs.values()]
    .sort((a, b) => (a.kind === b.kind ? (a.zone < b.zone ? -1 : 1) : a.kind < b.kind ? -1 : 1))
    .map(({ kind, zone }) => {
      const scheduled = (what: string) => Math.round(increases.sum(`beacontower_scheduler_rounds_${what}_total`, { kind, zone }));
      const ended = (result: string) => Math.round(increases.sum(`beacontower_${kind}_rounds_total`, { zone, result }));
      const all = Math.round(increases.sum(`beacontower_${kind}_rounds_total`, { zone }));
      const notRun = NOT_RUN.reduce((sum, result) => sum + ended(result), 0);
      return {
        kind,
        zone,
        due: scheduled('due'),
        run: all - notRun,
        blind: ended('blind'),
        late: ended(LATE),
        missed: scheduled('skipped') + scheduled('dropped') + notRun,
      };
    });
}
