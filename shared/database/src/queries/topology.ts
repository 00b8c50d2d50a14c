import { NodeBody, type NodeSummary, type ObjectBody, type Topology, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { ParentRule, State } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import { CURRENT_OBJECTS, QUIET } from './objects.ts';

/**
 * The dependency graph of the scope (and of a division in it) as it is now; an edge whose parent lies outside is left out. Quiet
 * objects are not in it: fifty ports hang on every switch, and nothing hangs on them.
 */
export async function readTopology(db: Queryable, division: string | undefined, scope: Scope): Promise<Topology> {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.add(`NOT ${QUIET}`);
  where.within('i.division', scope);
  if (division !== undefined) where.within('i.division', [division]);
  const result = await db.query<{
    id: string;
    name: string;
    kind: ObjectBody['kind'];
    class: ObjectBody['class'];
    division: string;
    dependency: ObjectBody['dependency'];
    state: State | null;
    since: number | null;
  }>(
    `SELECT i.id, i.name, i.kind, i.class, i.division, i.body -> 'dependency' AS dependency, s.state, s.since
     FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object' ${where} ORDER BY i.id`,
    where.values,
  );
  const known = new Set(result.rows.map((row) => row.id));
  return {
    nodes: result.rows.map(({ dependency, since, state, ...row }) => ({
      ...row,
      state: state ?? 'unknown',
      since: timestampOrNull(since),
      parentsRequired: parentsRequired(dependency.rule),
    })),
    edges: result.rows.flatMap((row) =>
      row.dependency.parents.filter((parent) => known.has(parent)).map((parent) => ({ from: parent, to: row.id })),
    ),
  };
}

/** A dependency rule as one word. */
export function parentsRequired(rule: ParentRule): string {
  return rule.require === 'at-least' ? `at-least-${rule.count}` : rule.require;
}

/** This node, for `GET /nodes`; undefined before an inventory was applied. */
export async function readNode(db: Queryable, now: number): Promise<NodeSummary | undefined> {
  const result = await db.query<{ body: unknown; incarnation: string; partitions: number; version: number }>(
    `SELECT i.body, n.incarnation, n.partitions, v.version
     FROM node_identity n JOIN inventory i ON i.entity = 'node' AND i.id = n.node AND i.superseded_at IS NULL AND i.valid_to IS NULL, inventory_version v`,
  );
  const row = result.rows[0];
  if (!row) return undefined;
  return {
    ...NodeBody.parse(row.body),
    incarnation: row.incarnation,
    partitions: row.partitions,
    inventoryVersion: row.version,
    self: true,
    lagMs: 0,
    watermark: timestamp(now),
  };
}

/** The number of partitions of this node; undefined before it has an identity. */
export async function readPartitions(db: Queryable): Promise<number | undefined> {
  const result = await db.query<{ partitions: number }>('SELECT partitions FROM node_identity');
  return result.rows[0]?.partitions;
}
