/** Objects of other nodes: their versions lie in the inventory as their node has them (decision 0026). */
import type { InventoryPayload, ObjectBody, WireObject } from '@beacontower/contracts';
import { DEFAULT_ICMP_POLICY, DEFAULT_SNMP_POLICY } from '@beacontower/domain';
import { forgetAccounts } from '../accounting/forget.ts';
import { canonical } from '../inventory/difference.ts';
import { lockInventory } from '../inventory/write.ts';
import { appendLog } from '../log.ts';
import type { Transaction } from '../pool.ts';
import { toldBy } from './apply-context.ts';

/**
 * Writes versions in the caller's transaction, each in the place of the one of the same id and beginning. Versions of an object do not
 * overlap: one ends where the next begins at the latest, whichever was told first. What is on record already is not written again.
 * Returns how many were written.
 */
export async function applyToldVersions(
  tx: Transaction,
  told: readonly InventoryPayload[],
  by: { readonly node: string; readonly now: number },
): Promise<number> {
  if (told.length === 0) return 0;
  const now = await lockInventory(tx, by.now);
  const changed = changedVersions(await readVersions(tx, told), told);
  if (changed.length === 0) return 0;
  const ids = changed.map(({ id }) => id);
  const begins = changed.map(({ from }) => from);
  await tx.query(
    `UPDATE inventory i SET superseded_at = $3 FROM unnest($1::text[], $2::bigint[]) AS n (id, begins)
     WHERE i.entity = 'object' AND i.id = n.id AND i.valid_from = n.begins AND i.superseded_at IS NULL`,
    [ids, begins, now],
  );
  await tx.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, valid_to, recorded_at, recorded_by)
     SELECT 'object', id, 'federation', body, begins, ends, $5, $6 FROM unnest($1::text[], $2::jsonb[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS n (id, body, begins, ends, position)
     ORDER BY position`,
    [ids, changed.map(({ body }) => JSON.stringify(body)), begins, changed.map(({ to }) => to), now, toldBy(by.node)],
  );
  await forgetAccounts(
    tx,
    changed.map(({ id, from }) => ({ objectId: id, from, to: null })),
  );
  const { rows } = await tx.query<{ version: number }>(
    'UPDATE inventory_version SET version = version + 1, applied_at = $1, applied_by = $2 RETURNING version',
    [now, toldBy(by.node)],
  );
  const body = { version: rows[0]?.version ?? 0, added: changed.length, changed: 0, retired: 0 };
  await appendLog(tx, [{ kind: 'inventory', subject: 'inventory', body, eventAt: now }], now);
  return changed.length;
}

interface Version {
  readonly id: string;
  readonly from: number;
  readonly to: number | null;
  readonly body: unknown;
  readonly [column: string]: unknown;
}

async function readVersions(tx: Transaction, told: readonly InventoryPayload[]): Promise<Version[]> {
  const { rows } = await tx.query<Version>(
    `SELECT id, valid_from AS from, valid_to AS to, body FROM inventory WHERE entity = 'object' AND id = ANY ($1) AND superseded_at IS NULL`,
    [[...new Set(told.map(({ object }) => object.id))]],
  );
  return rows;
}

function changedVersions(recorded: readonly Version[], told: readonly InventoryPayload[]): Version[] {
  const before = new Map(recorded.map((version) => [`${version.id} ${version.from}`, version]));
  const all = new Map(before);
  for (const { object, validFrom, validTo } of told)
    all.set(`${object.id} ${validFrom}`, { id: object.id, from: validFrom, to: validTo, body: remoteBody(object) });
  const ordered = [...all.values()].sort((a, b) => (a.id === b.id ? a.from - b.from : a.id < b.id ? -1 : 1));
  return ordered.flatMap((version, index) => {
    const next = ordered[index + 1];
    const to = next?.id === version.id && (version.to === null || version.to > next.from) ? next.from : version.to;
    const old = before.get(`${version.id} ${version.from}`);
    const isSame = old !== undefined && old.to === to && (old.body === version.body || canonical(old.body) === canonical(version.body));
    return isSame ? [] : [{ ...version, to }];
  });
}

/** The id of the node that an object's id names. */
export const nodeOfId = (id: string): string => id.slice(0, Math.max(0, id.indexOf(':')));

/** A told object as the inventory has it. Its checks are there to be read; nobody here takes them. */
export function remoteBody(object: WireObject): ObjectBody {
  const { id, kind, name, nameEn, division, class: of, party, weight, parents, rule, quiet, combines, checks, attributes } = object;
  return {
    id,
    kind,
    name,
    division,
    class: of,
    party,
    servingRule: 'any',
    dependency: { parents, rule },
    checks: checks.map((check) => remoteCheck(id, check)),
    weight,
    runbook: null,
    ...(quiet ? { quiet: true } : {}),
    ...(combines === null ? {} : { combines }),
    attributes: nameEn === null ? attributes : { ...attributes, nameEn },
    remote: { node: nodeOfId(id) },
  };
}

function remoteCheck(
  objectId: string,
  { id, kind, family, target, device, intervalMs, resolutionMs }: WireObject['checks'][number],
): ObjectBody['checks'][number] {
  if (kind === 'interface') return { id, objectId, kind, device: device ?? objectId, ifName: target };
  const paced = pace(intervalMs ?? DEFAULT_ICMP_POLICY.intervalMs, resolutionMs);
  const head = { id, objectId, family: family ?? 4, address: target, zone: '' };
  if (kind === 'icmp') return { ...head, kind, policy: { ...DEFAULT_ICMP_POLICY, ...paced } };
  const interfaces = { watch: [], ignore: [] };
  return { ...head, kind, port: 161, credential: '', policy: { ...DEFAULT_SNMP_POLICY, ...paced }, interfaces };
}

/** A policy under which the check misses as much as it does there. */
function pace(intervalMs: number, resolutionMs: number | null) {
  const unknownAfter = Math.max(2, Math.ceil((resolutionMs ?? 2 * intervalMs) / intervalMs));
  return { intervalMs, unknownAfter, upAfter: 1, unconfirmedDownAfter: 1 };
}
