/** A province of a benchmark: a database, its objects, and the process that reports up, which can be ended and started again. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { DesiredEntity, ObjectBody } from '@beacontower/contracts';
import { applyInventory, createDatabase, type Database, migrate } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY } from '@beacontower/domain';
import { createSealer } from '@beacontower/runtime';
import { type ParentAddress, UPLINK_KEY_CONTEXT } from '@beacontower/service-federation';
import { startPostgres } from '@beacontower/testing';
import { endChild, forkBench } from './console-ground.ts';
import { cpuSeconds } from './cpu.ts';

export interface BenchProvince {
  readonly database: Database;
  readonly objects: readonly string[];
  /** Begins, or goes on, to report. */
  report(): Promise<void>;
  /** Ends the process that reports. */
  pause(): Promise<void>;
  /** CPU seconds of its PostgreSQL and of the process that reports now. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Makes the province with so many objects and joins it to the node above; it does not report yet. */
export async function startBenchProvince(node: string, objects: number, parent: ParentAddress): Promise<BenchProvince> {
  const postgres = await startPostgres();
  const database = createDatabase({ url: postgres.url, applicationName: 'bench', maxConnections: 4, onError: () => undefined });
  const key = randomBytes(32);
  const ids = Array.from({ length: objects }, (_, n) => `${node}:line-${n}`);
  let child: ChildProcess | undefined;
  const pause = async () => {
    if (child !== undefined) await endChild(child);
    child = undefined;
  };
  const stop = async () => {
    await pause();
    await database.close();
    await postgres.stop();
  };
  try {
    await migrate(postgres.url);
    await fill(database, node, ids);
    await join(database, parent, createSealer(key).seal(parent.key, UPLINK_KEY_CONTEXT));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    database,
    objects: ids,
    async report() {
      child = forkBench('federation-province.ts', [key.toString('hex')], { BEACONTOWER_DATABASE_URL: postgres.url });
      await once(child, 'message');
    },
    pause,
    cpu: () => cpuSeconds([postgres.pid, child?.pid ?? 0]),
    stop,
  };
}

async function fill(database: Database, node: string, ids: readonly string[]): Promise<void> {
  const division = `cn.${node}`;
  const entities: DesiredEntity[] = [
    { entity: 'node', id: node, body: { id: node, name: node, division, timeZone: 'Asia/Shanghai', language: 'zh' } },
    ...ids.map((id, n): DesiredEntity => ({ entity: 'object', id, body: lineOf(id, n, division) })),
  ];
  const { plan } = await applyInventory(
    database,
    { entities, origin: 'file', expectedRetirements: null },
    { now: Date.now(), by: 'bench' },
  );
  if (plan.refused.length > 0) throw new Error(JSON.stringify(plan.refused));
}

/** The line of a unit, as a province registers it. */
export function lineOf(id: string, n: number, division: string): ObjectBody {
  const address = `10.${Math.floor(n / 65_536)}.${Math.floor(n / 256) % 256}.${n % 256}`;
  return {
    ...{ id, kind: 'access-line', name: `第 ${n} 号政务部门接入线路`, division, class: 'user-access', party: null, servingRule: 'any' },
    ...{ dependency: { parents: [], rule: { require: 'any' } }, weight: 1, runbook: null, attributes: { unit: `单位 ${n}` } },
    checks: [{ id: `${id}/icmp4`, objectId: id, kind: 'icmp', family: 4, address, zone: 'main', policy: DEFAULT_ICMP_POLICY }],
  };
}

async function join(database: Database, { url, authority, certificate }: ParentAddress, sealedKey: string): Promise<void> {
  await database.query(
    `INSERT INTO uplink (url, state, authority, authority_fingerprint, parent, certificate, sealed_key, joined_at, incarnation)
     VALUES ($1, 'enrolled', $2, '', 'cn', $3, $4, $5, $6)`,
    [url, authority, certificate, sealedKey, Date.now(), randomUUID()],
  );
}
