import { partitionOf, type State } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { CURRENT_OBJECTS } from '../queries/objects.ts';
import { type Believed, believes } from './believed.ts';
import { readCircuitEnds } from './circuit-ends.ts';

/** A circuit of the backbone as it is now. `ends`: keys of the checks that its ends' counters may be found under, in order. */
export interface BackboneCircuit {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly state: State;
  /** Epoch ms; null: never judged. */
  readonly since: number | null;
  readonly ends: readonly number[];
}

/** The circuits of the backbone inside the scope, by id; at most `limit`. What is not believed any more is unknown. */
export async function readBackbone(db: Queryable, scope: Scope, believed: Believed, limit: number): Promise<BackboneCircuit[]> {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.add("i.kind = 'circuit' AND i.class = 'backbone'");
  where.within('i.division', scope);
  const { rows } = await db.query<{
    id: string;
    name: string;
    division: string;
    pinged: boolean | null;
    state: State | null;
    since: number | null;
  }>(
    `SELECT i.id, i.name, i.division, i.pinged, s.state, s.since
     FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object' ${where} ORDER BY i.id LIMIT ${where.value(limit)}`,
    where.values,
  );
  const ends = await readCircuitEnds(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ pinged, state, since, ...circuit }) => {
    const until = believes(believed, partitionOf(circuit.id, believed.partitions), pinged ?? false);
    const judged = until === null ? { state: state ?? 'unknown', since } : { state: 'unknown' as const, since: until };
    return { ...circuit, ...judged, ends: ends.get(circuit.id) ?? [] };
  });
}
