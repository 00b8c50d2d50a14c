/** What benches of the federation stand on: a centre with a PostgreSQL of its own, and nodes below that are let in by it. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { applyInventory, createDatabase, type Database, enrolNode, migrate, saveCertificate } from '@beacontower/database';
import { createSealer, SystemClock } from '@beacontower/runtime';
import { authorityOf, checkRequest, issueToNode, makeKeys, makeRequest, type ParentAddress } from '@beacontower/service-federation';
import { startPostgres, type TestServer } from '@beacontower/testing';
import { endChild, forkBench } from './console-ground.ts';
import { cpuSeconds } from './cpu.ts';

const DAY_MS = 86_400_000;
const CENTRE = { id: 'cn', name: '国家中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' } as const;

export interface FederationGround {
  readonly postgres: TestServer;
  readonly database: Database;
  /** Where nodes below report. */
  readonly url: string;
  /** Lets a node in, with a certificate of its own. */
  enrol(node: string, division: string): Promise<ParentAddress>;
  /** CPU seconds of the centre so far: its process, and its PostgreSQL. */
  cpu(): { readonly process: number; readonly postgres: number };
  stop(): Promise<void>;
}

/** Starts the centre: the roles that take in what nodes below report, in a process of their own. */
export async function startFederationGround(): Promise<FederationGround> {
  const postgres = await startPostgres();
  const database = createDatabase({ url: postgres.url, applicationName: 'bench', maxConnections: 4, onError: () => undefined });
  const key = randomBytes(32);
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child !== undefined) await endChild(child);
    await database.close();
    await postgres.stop();
  };
  try {
    await migrate(postgres.url);
    await applyInventory(
      database,
      { entities: [{ entity: 'node', id: CENTRE.id, body: { ...CENTRE } }], origin: 'file', expectedRetirements: null },
      { now: Date.now(), by: 'bench' },
    );
    const started = forkBench('federation-centre.ts', [key.toString('hex')], { BEACONTOWER_DATABASE_URL: postgres.url });
    child = started;
    const [url] = (await once(started, 'message')) as [string];
    const enrol = (node: string, division: string) => letIn({ database, key, url }, node, division);
    const cpu = () => ({ process: cpuSeconds([started.pid ?? 0]), postgres: cpuSeconds([postgres.pid]) });
    return { postgres, database, url, enrol, cpu, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As an approved request would: the key is the node's own. */
async function letIn(
  { database, key, url }: { readonly database: Database; readonly key: Buffer; readonly url: string },
  node: string,
  division: string,
): Promise<ParentAddress> {
  const clock = new SystemClock();
  const now = clock.now();
  const authority = await authorityOf({ database, sealer: createSealer(key), clock }, CENTRE.id);
  const own = await makeKeys();
  const request = await checkRequest(await makeRequest(node, own));
  if (request === null) throw new Error('a good request was refused');
  const issued = await issueToNode(authority, request, { node, division }, { notBefore: now, notAfter: now + 90 * DAY_MS });
  await enrolNode(database, { node, name: node, division, timeZone: CENTRE.timeZone }, now);
  await saveCertificate(database, { ...issued, node, division }, { now, actor: 'bench' });
  return { url, authority: authority.certificate, certificate: issued.certificate, key: own.privateKey };
}
