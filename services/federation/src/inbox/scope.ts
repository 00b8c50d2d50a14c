/** A node speaks for its own divisions, and for the objects of itself and of the nodes that report to it. */
import type { Envelope, FederationCode } from '@beacontower/contracts';
import { type FederatedNode, nodeOfId, type Queryable } from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';

export interface NodeScope {
  readonly node: string;
  readonly division: string;
  /** Nodes whose objects it may speak of: itself and those below it. */
  readonly nodes: ReadonlySet<string>;
}

export async function readNodeScope(db: Queryable, { node, division }: FederatedNode): Promise<NodeScope> {
  const { rows } = await db.query<{ node: string }>('SELECT node FROM federation_nodes WHERE via = $1 AND removed_at IS NULL', [node]);
  return { node, division, nodes: new Set([node, ...rows.map((row) => row.node)]) };
}

/** Why a line may not be said by this node; null: it may. Nodes that a line introduces are added by whoever applies it. */
export function outOfScope(scope: NodeScope, envelope: Envelope): { readonly code: FederationCode; readonly detail: string } | null {
  const object = objectNamed(envelope);
  if (object !== null && !scope.nodes.has(nodeOfId(object))) return foreign(`${object} is an object of another node`);
  const division = divisionNamed(envelope);
  if (division !== null && !divisionCovers(scope.division, division)) return foreign(`${division} lies outside ${scope.division}`);
  if (envelope.kind === 'incarnation' && envelope.payload.node !== scope.node)
    return foreign(`the log is that of ${envelope.payload.node}`);
  return null;
}

const foreign = (detail: string) => ({ code: 'out-of-scope' as const, detail });

function objectNamed(envelope: Envelope): string | null {
  switch (envelope.kind) {
    case 'transition':
    case 'revision':
    case 'outage':
      return envelope.payload.object;
    case 'inventory':
      return envelope.payload.object.id;
    default:
      return null;
  }
}

function divisionNamed(envelope: Envelope): string | null {
  switch (envelope.kind) {
    case 'inventory':
      return envelope.payload.object.division;
    case 'incident':
      return envelope.payload.incident.division;
    case 'node':
    case 'incarnation':
    case 'rollup':
      return envelope.payload.division;
    default:
      return null;
  }
}
