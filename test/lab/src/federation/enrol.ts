/** Lets a node of the lab in at the one above, as the commands `invite`, `join` and `approve` would have it done. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Database, enrolNode, saveCertificate } from '@beacontower/database';
import { createFileSealer, SystemClock } from '@beacontower/runtime';
import { authorityOf, checkRequest, issueToNode, makeKeys, makeRequest, UPLINK_KEY_CONTEXT } from '@beacontower/service-federation';

const DAY_MS = 86_400_000;

/** A node as far as enrolment goes. */
export interface Enrolled {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly database: Database;
  readonly dataDirectory: string;
}

/** After it the node reports to `url`, by itself. */
export async function enrol(child: Enrolled, parent: Enrolled, url: string): Promise<void> {
  const clock = new SystemClock();
  const now = clock.now();
  const authority = await authorityOf({ database: parent.database, sealer: sealerOf(parent), clock }, parent.id);
  const keys = await makeKeys();
  const request = await checkRequest(await makeRequest(child.id, keys));
  if (request === null) throw new Error('a good request was refused');
  const { id: node, name, division } = child;
  const issued = await issueToNode(authority, request, { node, division }, { notBefore: now, notAfter: now + 90 * DAY_MS });
  await enrolNode(parent.database, { node, name, division, timeZone: 'Asia/Shanghai' }, now);
  await saveCertificate(parent.database, { ...issued, node, division }, { now, actor: 'laboratory' });
  await child.database.query(
    `INSERT INTO uplink (url, state, authority, authority_fingerprint, parent, certificate, sealed_key, not_after, joined_at, incarnation)
     VALUES ($1, 'enrolled', $2, '', $3, $4, $5, $6, $7, $8)`,
    [
      url,
      authority.certificate,
      parent.id,
      issued.certificate,
      sealerOf(child).seal(keys.privateKey, UPLINK_KEY_CONTEXT),
      issued.notAfter,
      now,
      randomUUID(),
    ],
  );
}

function sealerOf({ dataDirectory }: Enrolled) {
  return createFileSealer(join(dataDirectory, 'secret.key'));
}
