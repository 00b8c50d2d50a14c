/** A node speaks for its own divisions, and for the objects of itself and of the nodes that report to it. */
import type { Envelope, EnvelopeKind, EnvelopeOf, FederationCode, InventoryPayload, Snapshot } from '@beacontower/contracts';
import { type FederatedNode, nodeOfId, type Queryable } from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';
import { Refusal } from '../protocol/refusal.ts';

export interface NodeScope {
  readonly node: string;
  readonly division: string;
  /** Nodes whose objects it may speak of: itself and those below it. */
  readonly nodes: ReadonlySet<string>;
  /** The division of each of them. */
  readonly divisions: ReadonlyMap<string, string>;
}

/** Why a line may not be said. */
export interface Fault {
  readonly code: FederationCode;
  readonly detail: string;
}

export async function readNodeScope(db: Queryable, { node, division }: FederatedNode): Promise<NodeScope> {
  const { rows } = await db.query<{ node: string; division: string }>(
    'SELECT node, division FROM federation_nodes WHERE via = $1 AND removed_at IS NULL',
    [node],
  );
  return scopeOf(node, new Map([[node, division], ...rows.map((row) => [row.node, row.division] as const)]));
}

/** The scope of a node, by the divisions of itself and of those below it. */
export function scopeOf(node: string, divisions: ReadonlyMap<string, string>): NodeScope {
  return { node, division: divisions.get(node) ?? '', nodes: new Set(divisions.keys()), divisions };
}

/** Why a line may not be said by this node; null: it may. Nodes that a line introduces are added by whoever applies it. */
export function outOfScope(scope: NodeScope, envelope: Envelope): Fault | null {
  // Each entry takes the envelopes of its own kind: what TypeScript cannot follow through the index.
  const check = CHECKS[envelope.kind] as (scope: NodeScope, payload: Envelope['payload']) => Fault | null;
  return check(scope, envelope.payload);
}

const foreign = (detail: string): Fault => ({ code: 'out-of-scope', detail });

const objectFault = (scope: NodeScope, object: string): Fault | null =>
  scope.nodes.has(nodeOfId(object)) ? null : foreign(`${object} is an object of another node`);

const objectsFault = (scope: NodeScope, objects: readonly string[]): Fault | null => first(objects, (object) => objectFault(scope, object));

const divisionFault = (scope: NodeScope, division: string): Fault | null =>
  divisionCovers(scope.division, division) ? null : foreign(`${division} lies outside ${scope.division}`);

const divisionsFault = (scope: NodeScope, divisions: readonly string[]): Fault | null =>
  first(divisions, (each) => divisionFault(scope, each));

function first<T>(items: readonly T[], fault: (item: T) => Fault | null): Fault | null {
  for (const item of items) {
    const found = fault(item);
    if (found !== null) return found;
  }
  return null;
}

/** A check's id begins with that of its object: by another id the record of another object would be written. */
const checkFault = (object: string, check: string | null): Fault | null =>
  check === null || check.startsWith(`${object}/`)
    ? null
    : foreign(`${check} is no check of ${object}: its id is to begin with ${object}/`);

const subjectFault = (scope: NodeScope, { object, check }: { readonly object: string; readonly check: string | null }): Fault | null =>
  objectFault(scope, object) ?? checkFault(object, check);

interface Stated {
  readonly node?: string | undefined;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
}

const statedFault = (scope: NodeScope, { node, objects, divisions }: Stated): Fault | null =>
  node === undefined || scope.nodes.has(node)
    ? (objectsFault(scope, objects) ?? divisionsFault(scope, divisions))
    : foreign(`${node} does not report to ${scope.node}`);

function versionFault(scope: NodeScope, { object }: InventoryPayload): Fault | null {
  const { id, division, checks, parents, combines } = object;
  const own = objectFault(scope, id);
  if (own !== null) return own;
  const of = nodeOfId(id);
  if (!divisionCovers(scope.divisions.get(of) ?? scope.division, division))
    return foreign(`${division} lies outside the division of ${of}`);
  return (
    first(checks, ({ id: check, device }) => checkFault(id, check) ?? (device === null ? null : objectFault(scope, device))) ??
    objectsFault(scope, parents) ??
    objectsFault(scope, combines?.of ?? [])
  );
}

const CHECKS: { readonly [K in EnvelopeKind]: (scope: NodeScope, payload: EnvelopeOf<K>['payload']) => Fault | null } = {
  incarnation: ({ node, division }, told) => {
    if (told.node !== node) return foreign(`the log is that of ${told.node}`);
    return told.division === division ? null : foreign(`the certificate speaks for ${division}`);
  },
  node: (scope, { division }) => divisionFault(scope, division),
  party: () => null,
  inventory: versionFault,
  transition: subjectFault,
  revision: subjectFault,
  outage: (scope, { object }) => objectFault(scope, object),
  incident: (scope, { incident }) => divisionFault(scope, incident.division),
  maintenance: statedFault,
  reclassification: statedFault,
  rollup: (scope, { division }) => divisionFault(scope, division),
};

/** Refuses a snapshot that speaks of what is not the sender's. */
export function refuseSnapshot(scope: NodeScope, { observed, states }: Snapshot): void {
  const other = observed.find(({ node }) => !scope.nodes.has(node));
  if (other !== undefined) throw new Refusal('out-of-scope', `${other.node} does not report to ${scope.node}`);
  const fault = first(states, ([object]) => objectFault(scope, object));
  if (fault !== null) throw new Refusal(fault.code, fault.detail);
}
