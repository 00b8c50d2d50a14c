import type { State } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { type Scope, scopeCovers } from '../queries/conditions.ts';
import { type Believed, believes } from './believed.ts';
import { readCircuitEnds } from './circuit-ends.ts';
import type { KnownObject } from './known-objects.ts';

/** A circuit of the backbone as it is now. `ends`: keys of the checks that its ends' counters may be found under, in order. */
export interface BackboneCircuit {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly division: string;
  readonly state: State;
  /** Epoch ms; null: never judged. */
  readonly since: number | null;
  readonly ends: readonly number[];
}

/** The circuits of the backbone inside the scope, by id; at most `limit`. What is not believed any more is unknown. */
export async function readBackbone(
  db: Queryable,
  objects: Iterable<KnownObject>,
  scope: Scope,
  believed: Believed,
  limit: number,
): Promise<BackboneCircuit[]> {
  const circuits = circuitsOf(objects, scope, believed)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit);
  const ends = await readCircuitEnds(
    db,
    circuits.map(({ id }) => id),
  );
  return circuits.map((circuit) => ({ ...circuit, ends: ends.get(circuit.id) ?? [] }));
}

function circuitsOf(objects: Iterable<KnownObject>, scope: Scope, believed: Believed): Omit<BackboneCircuit, 'ends'>[] {
  const circuits: Omit<BackboneCircuit, 'ends'>[] = [];
  for (const object of objects) {
    if (object.kind !== 'circuit' || object.class !== 'backbone' || !scopeCovers(scope, object.division)) continue;
    const { id, name, nameEn, division, state, since } = object;
    const until = believes(believed, object);
    const now = until === null ? { state, since } : { state: 'unknown' as const, since: until };
    circuits.push({ id, name, nameEn, division, ...now });
  }
  return circuits;
}
