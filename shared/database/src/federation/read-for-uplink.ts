/** What of the record goes into lines: read as it is when the line is made. */
import {
  type InventoryPayload,
  type ObjectBody,
  ObjectBody as ObjectSchema,
  type PartyPayload,
  PartyBody as PartySchema,
  type WireObject,
} from '@beacontower/contracts';
import { type CheckDefinition, divisionCovers } from '@beacontower/domain';
import type { z } from 'zod';
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

/** What was written into the inventory, for the node above. */
export type Written =
  | { readonly kind: 'party'; readonly payload: z.infer<typeof PartyPayload> }
  | { readonly kind: 'inventory'; readonly payload: InventoryPayload };

/** What was read of the inventory; `last`: the row up to which was read. */
export interface ReadWritten {
  readonly written: readonly Written[];
  readonly last: number;
  readonly isWhole: boolean;
}

interface VersionRow {
  readonly row: number;
  readonly entity: string;
  readonly body: unknown;
  readonly from: number;
  readonly to: number | null;
  readonly gone: boolean;
  readonly [column: string]: unknown;
}

/**
 * Parties, and versions of objects within the scope, written after `row`, in the order of their rows. What took the place of another by now
 * is told alone: versions that are not believed any more say nothing.
 */
export async function readVersionsAfter(db: Queryable, row: number, division: string, limit: number): Promise<ReadWritten> {
  const { rows } = await db.query<VersionRow>(
    `SELECT row_id AS row, entity, body, valid_from AS from, valid_to AS to, superseded_at IS NOT NULL AS gone FROM inventory
     WHERE row_id > $1 AND entity IN ('object', 'party') ORDER BY row_id LIMIT $2`,
    [row, limit],
  );
  const inForce = rows.filter(({ gone }) => !gone);
  const objects = inForce.flatMap(({ entity, body, from, to }) => {
    const object = entity === 'object' ? ObjectSchema.parse(body) : null;
    return object !== null && divisionCovers(division, object.division) ? [{ object, from, to }] : [];
  });
  const named = new Set(objects.flatMap(({ object }) => [...object.dependency.parents, ...(object.combines?.of ?? [])]));
  const divisions = await readDivisionsOf(db, [...named]);
  const isTold = (id: string): boolean => divisions.has(id) && divisionCovers(division, divisions.get(id) as string);
  const parties = inForce.filter(({ entity, to }) => entity === 'party' && to === null);
  const written: Written[] = [
    ...parties.map(({ body }): Written => ({ kind: 'party', payload: PartySchema.parse(body) })),
    ...objects.map(
      ({ object, from, to }): Written => ({
        kind: 'inventory',
        payload: { validFrom: from, validTo: to, object: wireObject(object, isTold) },
      }),
    ),
  ];
  return { written, last: rows.at(-1)?.row ?? row, isWhole: rows.length < limit };
}

/** How an object is told: nothing of how it is asked, but where, and how often. What it names beside itself is left out unless it is told as well. */
export function wireObject(object: ObjectBody, isTold: (id: string) => boolean): WireObject {
  const { id, kind, name, division, class: of, party, weight, dependency, quiet, combines, checks, attributes } = object;
  return {
    id,
    kind,
    name: name.slice(0, 300),
    nameEn: null,
    division,
    class: of,
    party,
    weight,
    parents: dependency.parents.filter(isTold).slice(0, MOST_NAMED),
    rule: dependency.rule,
    quiet: quiet === true,
    combines: combinesTold(combines, isTold),
    checks: checks.slice(0, 64).map(wireCheck),
    attributes: Object.fromEntries(
      Object.entries(attributes).flatMap(([key, value]) => (key.length > 64 ? [] : [[key, String(value).slice(0, 1_000)]])),
    ),
  };
}

/** As many objects as one line may name. */
const MOST_NAMED = 1_000;

function combinesTold(combines: ObjectBody['combines'], isTold: (id: string) => boolean): WireObject['combines'] {
  const of = combines?.of.filter(isTold).slice(0, MOST_NAMED) ?? [];
  return combines === undefined || of.length === 0 ? null : { rule: combines.rule, of };
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
