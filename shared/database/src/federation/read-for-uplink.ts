/** What of the record goes into lines: read as it is when the line is made. */
import { type InventoryPayload, type ObjectBody, ObjectBody as ObjectSchema, type WireObject } from '@beacontower/contracts';
import { type CheckDefinition, divisionCovers } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** Divisions of objects as they were last known here; absent: never heard of. */
export async function readDivisionsOf(db: Queryable, objects: readonly string[]): Promise<Map<string, string>> {
  if (objects.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; division: string }>(
    `SELECT DISTINCT ON (id) id, division FROM inventory WHERE entity = 'object' AND id = ANY ($1) AND superseded_at IS NULL ORDER BY id, valid_from DESC`,
    [objects],
  );
  return new Map(rows.map(({ id, division }) => [id, division]));
}

/** The resolution with which each transition was seen, ms. */
export async function readResolutionsOf(db: Queryable, transitions: readonly number[]): Promise<Map<number, number>> {
  if (transitions.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; resolution: number }>(
    'SELECT id, resolution_ms AS resolution FROM transitions WHERE id = ANY ($1)',
    [transitions],
  );
  return new Map(rows.map(({ id, resolution }) => [id, resolution]));
}

/** A version of an object that was written after a row. */
export interface WrittenVersion {
  readonly row: number;
  readonly payload: InventoryPayload;
}

/** Versions of objects within the scope written after `row`, in the order of their rows; `last`: the row up to which was read. */
export async function readVersionsAfter(
  db: Queryable,
  row: number,
  division: string,
  limit: number,
): Promise<{ readonly versions: readonly WrittenVersion[]; readonly last: number; readonly isWhole: boolean }> {
  const { rows } = await db.query<{ row: number; body: unknown; from: number; to: number | null; english: string | null }>(
    `SELECT row_id AS row, body, valid_from AS from, valid_to AS to, body -> 'attributes' ->> 'nameEn' AS english FROM inventory
     WHERE row_id > $1 AND entity = 'object' ORDER BY row_id LIMIT $2`,
    [row, limit],
  );
  const versions = rows.flatMap(({ row: number, body, from, to }) => {
    const object = ObjectSchema.parse(body);
    return divisionCovers(division, object.division)
      ? [{ row: number, payload: { validFrom: from, validTo: to, object: wireObject(object) } }]
      : [];
  });
  return { versions, last: rows.at(-1)?.row ?? row, isWhole: rows.length < limit };
}

/** How an object is told: nothing of how it is asked, but where, and how often. */
export function wireObject(object: ObjectBody): WireObject {
  const { id, kind, name, division, class: of, party, weight, dependency, quiet, combines, checks, attributes } = object;
  return {
    id,
    kind,
    name,
    nameEn: null,
    division,
    class: of,
    party,
    weight,
    parents: dependency.parents,
    rule: dependency.rule,
    quiet: quiet === true,
    combines: combines ?? null,
    checks: checks.map(wireCheck),
    attributes,
  };
}

function wireCheck(check: CheckDefinition): WireObject['checks'][number] {
  if (check.kind === 'interface') {
    return {
      id: check.id,
      kind: 'interface',
      family: null,
      target: check.ifName,
      device: check.device,
      intervalMs: null,
      resolutionMs: null,
    };
  }
  const { intervalMs, unknownAfter, unconfirmedDownAfter, upAfter } = check.policy;
  const resolutionMs = intervalMs * Math.max(unknownAfter, unconfirmedDownAfter, upAfter);
  return { id: check.id, kind: check.kind, family: check.family, target: check.address, device: null, intervalMs, resolutionMs };
}
