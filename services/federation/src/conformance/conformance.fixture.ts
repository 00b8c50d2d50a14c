/** A real centre that lets nodes in, and where the reports of the conformance test are kept. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  approveEnrolment,
  issueInvitation,
  listEnrolments,
  lockEnrolment,
  revokeCertificates,
  saveCertificate,
} from '@beacontower/database';
import { createLogger, createRegistry, createSealer, SystemClock } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { authorityOf } from '../certificates/authority.ts';
import { checkRequest, issueToNode, type Lifetime, makeKeys, makeRequest } from '../certificates/x509.ts';
import { startNode, type TestNode } from '../federation.fixture.ts';
import { createFederation } from '../federation-role.ts';
import { type ConformanceReport, reportInWords } from './report.ts';
import type { WireOptions } from './wire.ts';

const DAY_MS = 86_400_000;
export const clock = new SystemClock();
export const logger = createLogger({ name: 'test', level: process.env.TEST_LOG ?? 'silent' });

export interface RealCentre extends TestNode {
  invite(node: string, division: string): Promise<string>;
  /** Approves whatever of the node waits, by its code. */
  approve(node: string, code: string): Promise<void>;
  /** A certificate that was good once. */
  formerCertificate(node: string, division: string, what: 'expired' | 'revoked'): Promise<NonNullable<WireOptions['own']>>;
}

export async function startRealCentre(server: TestServer): Promise<RealCentre> {
  const centre = await startNode(server, 'cn', 'cn');
  await centre.apply([]);
  const { database } = centre;
  const sealer = createSealer(randomBytes(32));
  const role = createFederation(
    { instance: 'cn/test', version: '1', listen: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1', 'localhost'], lookMs: 200 },
    { database, clock, logger, registry: createRegistry({}, false), sealer },
  );
  await role.start();
  await waitFor(async () => role.health().status === 'ok', { what: 'the listener' });
  const by = () => ({ actor: 'zhang', source: 'test', now: clock.now() });
  return {
    ...centre,
    invite(node, division) {
      return database.transaction((tx) => issueInvitation(tx, randomUUID(), { node, division, name: node, hours: 72 }, by()));
    },
    async approve(node, code) {
      const { items } = await listEnrolments(database, { limit: 100, state: 'waiting' }, ['']);
      const asked = items.find((each) => each.node === node);
      await database.transaction(async (tx) => {
        const enrolment = await lockEnrolment(tx, asked?.id ?? randomUUID());
        if (enrolment === null) throw new Error(`nothing of ${node} waits`);
        await approveEnrolment(tx, enrolment, code, by());
      });
    },
    async formerCertificate(node, division, what) {
      const now = clock.now();
      const life: Lifetime = { notBefore: now - 2 * DAY_MS, notAfter: what === 'expired' ? now - DAY_MS : now + DAY_MS };
      const keys = await makeKeys();
      const request = await checkRequest(await makeRequest(node, keys));
      if (request === null) throw new Error('a good request was refused');
      const issued = await issueToNode(await authorityOf({ database, sealer, clock }, 'cn'), request, { node, division }, life);
      await saveCertificate(database, { ...issued, node, division }, { now, actor: 'test' });
      if (what === 'revoked') await revokeCertificates(database, node, { now, actor: 'test', reason: 'test' });
      return { certificate: issued.certificate, key: keys.privateKey };
    },
    async stop() {
      await role.stop();
      await centre.stop();
    },
  };
}

const REPORTS = fileURLToPath(new URL('../../../../docs/federation/reports/', import.meta.url));

/** Keeps a report among the documents, when `scripts/conformance` asks for it. */
export function keepReport(name: string, report: ConformanceReport): void {
  if (process.env.WRITE_CONFORMANCE_REPORTS !== '1') return;
  mkdirSync(REPORTS, { recursive: true });
  const other = { en: `[中文](${name}.zh-CN.md)`, zh: `[English](${name}.md)` };
  const text = (language: 'en' | 'zh') => reportInWords(report, language).replace('\n', `\n\n${other[language]}\n`);
  writeFileSync(join(REPORTS, `${name}.md`), text('en'));
  writeFileSync(join(REPORTS, `${name}.zh-CN.md`), text('zh'));
  writeFileSync(join(REPORTS, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** What did not hold. */
export const failures = ({ cases }: ConformanceReport): string[] =>
  cases.filter(({ outcome }) => outcome !== 'passed').map(({ id, outcome, seen }) => `${id} ${outcome}: ${seen}`);
