import { type LatestTraffic, timestampOrNull, type WallCircuit } from '@beacontower/contracts';
import { type BackboneCircuit, type MaintenanceCover, underMaintenance } from '@beacontower/database';
import type { State } from '@beacontower/domain';

/** How many of them a wall has room for. */
const SHOWN = 200;
const WORSE_FIRST: Readonly<Record<State, number>> = { down: 0, degraded: 1, unknown: 2, up: 3 };

/** The circuits as a wall shows them: those in trouble first, then the fullest. */
export function describeCircuits(
  circuits: readonly BackboneCircuit[],
  traffic: ReadonlyMap<number, LatestTraffic>,
  maintenance: readonly MaintenanceCover[],
): WallCircuit[] {
  return circuits
    .map(({ ends, ...circuit }) => {
      const read = ends.map((key) => traffic.get(key)).find((each) => each !== undefined);
      return {
        id: circuit.id,
        name: circuit.name,
        nameEn: circuit.nameEn,
        division: circuit.division,
        state: circuit.state,
        since: timestampOrNull(circuit.since),
        maintenance: underMaintenance(maintenance, circuit.id, circuit.division),
        traffic: read === undefined ? null : trafficOf(read),
      };
    })
    .sort((a, b) => WORSE_FIRST[a.state] - WORSE_FIRST[b.state] || fullness(b) - fullness(a) || (a.id < b.id ? -1 : 1))
    .slice(0, SHOWN);
}

function trafficOf({ at, speedBps, inBps, outBps, inUtilisation, outUtilisation }: LatestTraffic): NonNullable<WallCircuit['traffic']> {
  return { at, speedBps, inBps, outBps, inUtilisation, outUtilisation };
}

function fullness({ traffic }: WallCircuit): number {
  return Math.max(traffic?.inUtilisation ?? -1, traffic?.outUtilisation ?? -1);
}
