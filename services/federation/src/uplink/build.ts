/** From entries of the ordered log to what lines say. */
import type { LogEntry, RevisionPayload, StateBody, TransitionPayload } from '@beacontower/contracts';
import {
  type Database,
  type Queryable,
  readDivisionsOf,
  readResolutionsOf,
  readTransitions,
  readVersionsAfter,
} from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';
import type { Said } from '../protocol/chain.ts';

const VERSIONS = 5_000;

export interface BuildContext {
  readonly db: Queryable;
  /** The division this node speaks for above. */
  readonly division: string;
  readonly inventoryRow: number;
}

export interface Built {
  readonly said: readonly Said[];
  readonly inventoryRow: number;
}

/** What entries say to the node above, in their order; what is not of its concern, or not in the scope, says nothing. */
export async function build(entries: readonly LogEntry[], context: BuildContext): Promise<Built> {
  const objects = [...new Set(entries.flatMap((entry) => objectOf(entry) ?? []))];
  const divisions = await readDivisionsOf(context.db, objects);
  const inScope = new Set(objects.filter((id) => divisionCovers(context.division, divisions.get(id) ?? '')));
  const resolutions = await readResolutionsOf(
    context.db,
    entries.flatMap((entry) => (entry.kind === 'state' || entry.kind === 'check' ? [entry.body.transition] : [])),
  );
  const said: Said[] = [];
  let inventoryRow = context.inventoryRow;
  for (const entry of entries) {
    const { eventAt, recordedAt } = entry;
    if (entry.kind === 'inventory') {
      const read = await buildVersions({ ...context, inventoryRow }, recordedAt);
      said.push(...read.said);
      inventoryRow = read.inventoryRow;
    } else if (!inScope.has(objectOf(entry) ?? '')) continue;
    else if (entry.kind === 'state' || entry.kind === 'check') {
      const payload = transitionOf(entry.body, resolutions.get(entry.body.transition) ?? 0);
      said.push({ kind: 'transition', eventAt, recordedAt, payload });
    } else if (entry.kind === 'revised') {
      const payload = await revisionOf(context.db, entry.body.object, entry.body.from, entry.body.to);
      said.push({ kind: 'revision', eventAt, recordedAt, payload });
    }
  }
  return { said, inventoryRow };
}

/** Every version of an object in the scope that is not said yet. */
export async function buildVersions({ db, division, inventoryRow }: BuildContext, recordedAt: number): Promise<Built> {
  const said: Said[] = [];
  let row = inventoryRow;
  for (;;) {
    const { versions, last, isWhole } = await readVersionsAfter(db, row, division, VERSIONS);
    said.push(
      ...versions.map(({ payload }): Said => ({ kind: 'inventory', eventAt: payload.validTo ?? payload.validFrom, recordedAt, payload })),
    );
    row = last;
    if (isWhole) return { said, inventoryRow: row };
  }
}

function objectOf(entry: LogEntry): string | null {
  return entry.kind === 'state' || entry.kind === 'check' || entry.kind === 'revised' ? entry.body.object : null;
}

function transitionOf(
  { object, check, from, to, at, earliest, latest, reason, decidedAt }: StateBody,
  resolutionMs: number,
): TransitionPayload {
  return { object, check, resolutionMs, from, to, at, earliest, latest, reason, decidedAt };
}

/** What is known now of an object over a stretch, as it is in force at this moment. */
export async function revisionOf(db: Queryable, object: string, from: number, to: number | null): Promise<RevisionPayload> {
  const found = (await readTransitions(db, [object], from, to ?? Number.MAX_SAFE_INTEGER)).get(object) ?? [];
  const within = found.filter(({ edge }) => edge.at >= from && (to === null || edge.at < to));
  return {
    object,
    check: null,
    resolutionMs: 0,
    from,
    to,
    transitions: within.map(({ from: before, to: after, edge, reason, decidedAt }) => ({
      from: before,
      to: after,
      ...edge,
      reason,
      decidedAt,
    })),
  };
}
