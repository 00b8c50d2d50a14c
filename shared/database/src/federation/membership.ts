/** Which nodes report here: let in by a person, and put out by one. Every act leaves its row in the audit, in the same transaction. */
import type { By } from '../access/account-acts.ts';
import { appendAudit } from '../access/audit.ts';
import type { Queryable } from '../pool.ts';
import { revokeCertificates } from './certificates.ts';
import { takeBackFrom } from './take-back.ts';
import { tellNodeChange } from './watch.ts';

/** Channel notified when certificates were revoked; the payload is the id of their node. */
export const REVOCATION_CHANNEL = 'beacontower_federation_revoked';

/** What was asked for cannot be done as things are. `code` is stable, the message is for people. */
export class FederationFault extends Error {
  override readonly name = 'FederationFault';
  readonly code: FederationFaultCode;

  constructor(code: FederationFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type FederationFaultCode =
  | 'listener-off'
  | 'own-node'
  | 'node-relayed'
  | 'outside-division'
  | 'already-decided'
  | 'already-used'
  | 'code-differs'
  | 'already-created'
  | 'not-enrolled';

/** Lets a node in, or in again after it was removed: then it is awaited, as one that never spoke. What reported through it does so again. */
export async function enrolNode(
  tx: Queryable,
  node: { readonly node: string; readonly name: string; readonly division: string; readonly timeZone: string },
  now: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (node) DO UPDATE SET name = excluded.name, division = excluded.division, via = NULL, removed_at = NULL,
       heard_at = CASE WHEN federation_nodes.removed_at IS NULL THEN federation_nodes.heard_at END,
       silent_since = CASE WHEN federation_nodes.removed_at IS NULL THEN federation_nodes.silent_since END,
       enrolled_at = CASE WHEN federation_nodes.removed_at IS NULL THEN federation_nodes.enrolled_at ELSE excluded.enrolled_at END`,
    [node.node, node.name, node.division, node.timeZone, now],
  );
  await tx.query('UPDATE federation_nodes SET removed_at = NULL WHERE via = $1', [node.node]);
}

/**
 * Puts a node out at once, with those that report through it: its certificates are good no more, its connections are cut by whoever holds
 * them, what was asked in its name waits no more. What it told stays in the record.
 */
export async function removeNode(tx: Queryable, node: string, reason: string, by: By): Promise<void> {
  const { now, actor, source } = by;
  const { rows } = await tx.query<{ division: string }>(
    'UPDATE federation_nodes SET removed_at = $2 WHERE node = $1 AND via IS NULL AND removed_at IS NULL RETURNING division',
    [node, now],
  );
  const [removed] = rows;
  if (removed === undefined) throw new FederationFault('not-enrolled', `${node} does not report here`);
  await tx.query('UPDATE federation_nodes SET removed_at = $2 WHERE via = $1 AND removed_at IS NULL', [node, now]);
  const certificates = await revokeCertificates(tx, node, { now, actor, reason });
  await tx.query('UPDATE federation_invitations SET withdrawn_at = $2 WHERE node = $1 AND used_at IS NULL AND withdrawn_at IS NULL', [
    node,
    now,
  ]);
  await tx.query(
    `UPDATE federation_enrolments SET state = 'refused', decided_at = $2, decided_by = $3, reason = $4 WHERE node = $1
       AND (state = 'waiting' OR (state = 'approved' AND certificate IS NULL))`,
    [node, now, actor, reason],
  );
  await takeBackFrom(tx, node, { actor, note: reason, now });
  await tx.query('SELECT pg_notify($1, $2)', [REVOCATION_CHANNEL, node]);
  await tellNodeChange(tx, { node, division: removed.division, change: 'removed' }, now);
  const detail = { reason, certificates };
  await appendAudit(tx, { at: now, actor, source, action: 'federation.revoke', object: node, result: 'done', detail });
}
