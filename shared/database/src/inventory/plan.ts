/** What an apply would change, decided purely from what is stored and what is wanted. */
import type { DesiredEntity, EntityKind } from '@beacontower/contracts';
import { canonical, differences, type FieldDifference } from './difference.ts';
import type { NodeIdentity } from './identity.ts';

/** Who an entity belongs to; an apply touches its own only. */
export const ORIGINS = ['file', 'api', 'federation', 'discovery', 'import'] as const;
export type Origin = (typeof ORIGINS)[number];

/** The latest version of one entity: current, or (`retiredAt` not null) the last before it was retired. */
export interface StoredEntity {
  readonly entity: EntityKind;
  readonly id: string;
  readonly origin: Origin;
  readonly body: unknown;
  readonly retiredAt: number | null;
}

export interface Desired {
  readonly entities: readonly DesiredEntity[];
  readonly origin: Origin;
  /** Partitions the configuration asks for; null or absent leaves them as they are (8 at first). */
  readonly partitions?: number | null;
  /** The number of objects the caller knows will be retired; needed when they are many, and must then be exact. */
  readonly expectedRetirements?: number | null;
}

export const REFUSALS = [
  'kind-changed',
  'node-changed',
  'partitions-changed',
  'other-origin',
  'many-retired',
  'retired-not-as-expected',
  'node-missing',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** Why the whole apply is refused. `message` says in plain English what is wrong and what to do. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly entity: EntityKind;
  readonly id: string;
  readonly message: string;
}

export interface EntityReference {
  readonly entity: EntityKind;
  readonly id: string;
}
export interface AddedEntity extends EntityReference {
  readonly body: DesiredEntity['body'];
  /** True when it was there before, was retired, and comes back under the same id. */
  readonly returns: boolean;
}
export interface ChangedEntity extends EntityReference {
  readonly body: DesiredEntity['body'];
  readonly fields: readonly FieldDifference[];
}

/** The effect of an apply. It is done whole or, when anything is refused, not at all. */
export interface InventoryPlan {
  readonly added: readonly AddedEntity[];
  readonly changed: readonly ChangedEntity[];
  readonly retired: readonly EntityReference[];
  readonly unchanged: number;
  readonly refused: readonly Refusal[];
}

const keyOf = (entity: EntityReference): string => `${entity.entity} ${entity.id}`;

/** Retiring more objects than this needs the exact number from the caller: a lost file must not end a network's history. */
export function retirementLimit(currentObjects: number): number {
  return Math.max(10, Math.floor(currentObjects / 10));
}

export function planInventory(stored: readonly StoredEntity[], identity: NodeIdentity | null, desired: Desired): InventoryPlan {
  const node = refuseOtherNode(identity, desired);
  if (node.length > 0) return { added: [], changed: [], retired: [], unchanged: 0, refused: node };
  const known = new Map(stored.map((row) => [keyOf(row), row]));
  const wanted = new Set(desired.entities.map(keyOf));
  const added: AddedEntity[] = [];
  const changed: ChangedEntity[] = [];
  const refused: Refusal[] = [];
  let unchanged = 0;
  for (const entity of desired.entities) {
    const row = known.get(keyOf(entity));
    const refusal = row === undefined ? null : refuseEntity(row, entity, desired.origin);
    if (refusal !== null) refused.push(refusal);
    else if (row === undefined || row.retiredAt !== null)
      added.push({ entity: entity.entity, id: entity.id, body: entity.body, returns: row !== undefined });
    else if (canonical(row.body) === canonical(entity.body)) unchanged++;
    else changed.push({ entity: entity.entity, id: entity.id, body: entity.body, fields: shownDifferences(row.body, entity) });
  }
  const own = stored.filter((row) => row.retiredAt === null && row.origin === desired.origin);
  const retired = own.filter((row) => !wanted.has(keyOf(row))).map(({ entity, id }) => ({ entity, id }));
  refused.push(...refuseRetirements(own, retired, desired));
  return { added, changed, retired, unchanged, refused };
}

/** The query of a channel's address, and what a gateway is sent, may hold a token; a seal is nobody's business: the plan is printed and logged. */
function shownDifferences(before: unknown, entity: DesiredEntity): FieldDifference[] {
  const fields = differences(before, entity.body);
  if (entity.entity === 'credential') {
    return fields.map((field) => (field.path === 'sealed' ? { path: 'secret', before: '(sealed)', after: '(sealed)' } : field));
  }
  if (entity.entity !== 'channel') return fields;
  const short = (value: unknown) => (typeof value === 'string' ? value.replace(/[?#].*$/s, '?…') : value);
  return fields.map((field) => {
    if (/^(headers|query|body)\b/.test(field.path)) return { path: field.path, before: '(hidden)', after: '(hidden)' };
    return field.path === 'url' ? { path: field.path, before: short(field.before), after: short(field.after) } : field;
  });
}

function refuseOtherNode(identity: NodeIdentity | null, desired: Desired): Refusal[] {
  const node = desired.entities.find((entity) => entity.entity === 'node');
  if (node === undefined) {
    const message = 'the inventory names no node, and this database belongs to none yet: apply a configuration with a section "node" first';
    return identity === null ? [{ code: 'node-missing', entity: 'node', id: '', message }] : [];
  }
  if (identity === null) return [];
  const refused: Refusal[] = [];
  if (identity.node !== node.id) {
    const message = `this database belongs to the node "${identity.node}"; every id in its history begins with that name, so it cannot become "${node.id}". Give the other node data of its own: --data DIR (or another BEACONTOWER_DATABASE_URL)`;
    refused.push({ code: 'node-changed', entity: 'node', id: node.id, message });
  }
  const partitions = desired.partitions ?? identity.partitions;
  if (partitions !== identity.partitions) {
    const message = `this database has ${identity.partitions} partitions, and that number orders its events for ever; it cannot become ${partitions}. Write ${identity.partitions} or leave node.partitions out`;
    refused.push({ code: 'partitions-changed', entity: 'node', id: node.id, message });
  }
  return refused;
}

function refuseEntity(row: StoredEntity, entity: DesiredEntity, origin: Origin): Refusal | null {
  const { id } = entity;
  if (row.retiredAt === null && row.origin !== origin) {
    const message = `"${id}" belongs to the origin "${row.origin}"; "${origin}" must not change it. Choose another id, or retire it there first`;
    return { code: 'other-origin', entity: entity.entity, id, message };
  }
  if (entity.entity !== 'object') return null;
  const before = kindOf(row.body);
  if (before === null || before === entity.body.kind) return null;
  const message = `"${id}" has a history as ${before}; it cannot become ${entity.body.kind}. Give the new one another id`;
  return { code: 'kind-changed', entity: 'object', id, message };
}

function kindOf(body: unknown): string | null {
  return body !== null && typeof body === 'object' && 'kind' in body && typeof body.kind === 'string' ? body.kind : null;
}

function refuseRetirements(own: readonly StoredEntity[], retired: readonly EntityReference[], desired: Desired): Refusal[] {
  const current = own.filter((row) => row.entity === 'object').length;
  const count = retired.filter((row) => row.entity === 'object').length;
  const expected = desired.expectedRetirements ?? null;
  if (expected !== null && expected !== count) {
    const message = `${expected} objects were expected to be retired, but it would be ${count}. Look at the plan, and give that number if it is right`;
    return [{ code: 'retired-not-as-expected', entity: 'object', id: '', message }];
  }
  if (expected !== null || count <= retirementLimit(current)) return [];
  const message = `${count} of ${current} objects would be retired. If that is meant, say so with --retire ${count}; if not, a file may be missing`;
  return [{ code: 'many-retired', entity: 'object', id: '', message }];
}
