import { type CauseCard, ObjectBody } from '@beacontower/contracts';
import type { MonitoredObject } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/**
 * What somebody who acts on an incident wants at hand about the object that caused it, as the inventory has it now, or had it last; null
 * when it is no object. A `runbook` that is given (a condition's) goes before the object's own.
 */
export async function findCauseCard(db: Queryable, object: string, runbook: string | null): Promise<CauseCard | null> {
  const result = await db.query<{ body: unknown }>(
    `SELECT body FROM inventory WHERE entity = 'object' AND id = $1 AND superseded_at IS NULL ORDER BY valid_from DESC LIMIT 1`,
    [object],
  );
  const body = ObjectBody.safeParse(result.rows[0]?.body).data;
  if (!body) return null;
  const { attributes } = body;
  return {
    object,
    name: body.name,
    nameEn: attributes.nameEn ?? null,
    kind: body.kind,
    addresses: addressesOf(body),
    runbook: runbook ?? body.runbook,
    carrier: attributes.carrier ?? null,
    circuitNumber: attributes.circuitNumber ?? null,
    hotline: attributes.hotline ?? null,
  };
}

/** Every address that an object is asked at, and from which zone; each once. */
export function addressesOf({ checks }: Pick<MonitoredObject, 'checks'>): CauseCard['addresses'] {
  const addresses = new Map<string, CauseCard['addresses'][number]>();
  for (const check of checks) {
    if (check.kind === 'interface') continue;
    const { address, family, zone } = check;
    addresses.set(`${zone} ${address}`, { address, family, zone });
  }
  return [...addresses.values()];
}
