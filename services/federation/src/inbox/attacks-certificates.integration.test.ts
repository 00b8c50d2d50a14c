import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import type { TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import type { ParentAddress } from '../uplink/client.ts';
import { exchange, openRaw, requestText } from './attacks.fixture.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('certificates that are not what they seem', () => {
  let server: TestServer;
  let centre: TestCentre;
  let gd: ParentAddress;
  let bj: ParentAddress;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    gd = await centre.enrol('gd', 'cn.gd');
    bj = await centre.enrol('bj', 'cn.bj');
  });
  afterAll(async () => {
    await centre.stop();
    await server.stop();
  });

  /** A certificate in all that is written in it that of `bj`, serial number and all, by an authority of the same name as the real one. */
  function likeness(days = 2): Pick<ParentAddress, 'certificate' | 'key'> {
    const directory = mkdtempSync(join(tmpdir(), 'bt-likeness-'));
    const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: directory, stdio: 'pipe' });
    try {
      const names = 'subjectAltName=URI:urn:beacontower:node:bj,URI:urn:beacontower:division:cn.bj\nextendedKeyUsage=clientAuth\n';
      writeFileSync(join(directory, 'names'), names);
      openssl(
        'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=Beacontower\u00a0cn',
      );
      openssl('req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.csr -subj /CN=bj');
      const serial = `0x${new X509Certificate(bj.certificate).serialNumber}`;
      openssl(`x509 -req -in own.csr -CA ca.crt -CAkey ca.key -set_serial ${serial} -days ${days} -extfile names -out own.crt`);
      const [certificate, key] = ['own.crt', 'own.key'].map((file) => readFileSync(join(directory, file), 'utf8'));
      if (certificate === undefined || key === undefined) throw new Error('openssl made nothing');
      return { certificate, key };
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  const heard = async () => (await centre.database.query(`SELECT heard_at FROM federation_nodes WHERE node = 'bj'`)).rows;
  const refused = () => centre.registry.getSingleMetricAsString('beacontower_federation_refused_total');

  const CALLS: readonly (readonly [string, string])[] = [
    ['POST', '/hello'],
    ['POST', '/log?incarnation=5f0c2f5a-0000-4000-8000-000000000000'],
    ['PUT', '/snapshot'],
    ['GET', '/marks?incarnation=5f0c2f5a-0000-4000-8000-000000000000'],
    ['POST', '/digests'],
    ['GET', '/downward'],
    ['POST', '/receipts'],
  ];

  test('a certificate with the names and the number of another, by a stranger, is refused at every call', async () => {
    const before = await heard();
    const socket = await openRaw({ ...bj, ...likeness() });
    for (const [method, path] of CALLS) {
      const [answer] = await exchange(socket, requestText(method, path));
      expect([path, answer?.status, answer?.code]).toEqual([path, 403, 'certificate-untrusted']);
    }
    socket.destroy();
    expect(await heard()).toEqual(before);
    expect(await refused()).toContain(`{node="",code="certificate-untrusted"} ${CALLS.length}`);
  });

  test('without a certificate every call is refused', async () => {
    const socket = await openRaw({ url: bj.url, authority: bj.authority });
    for (const [method, path] of CALLS) {
      const [answer] = await exchange(socket, requestText(method, path));
      expect([path, answer?.status, answer?.code]).toEqual([path, 401, 'certificate-missing']);
    }
    socket.destroy();
  });

  test('what the listener shows is nobody’s certificate', async () => {
    const { certificate, key } = centre.shown;
    const socket = await openRaw({ ...bj, certificate, key });
    const [answer] = await exchange(socket, requestText('GET', '/downward'));
    expect(answer?.code).toBe('certificate-untrusted');
    socket.destroy();
  });

  test('the certificate of one node does not speak for another, whatever the host it asks for', async () => {
    const socket = await openRaw(gd, { servername: 'bj.example' });
    const body = JSON.stringify({ protocols: [1], node: 'bj' });
    const [answer] = await exchange(socket, requestText('POST', '/hello', { ...JSON_TYPE, host: 'bj' }, body));
    expect(answer?.status).toBe(400);
    socket.destroy();
  });

  test('a connection that was resumed is trusted no more than the one before it', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const first = await openRaw({ ...bj, ...likeness() }, { maxVersion });
      const session = new Promise<Buffer>((resolve) => first.once('session', resolve));
      await exchange(first, requestText('GET', '/downward'));
      const kept = maxVersion === 'TLSv1.2' ? (first.getSession() ?? (await session)) : await session;
      first.destroy();
      const again = await openRaw({ ...bj }, { maxVersion, session: kept, cert: undefined, key: undefined });
      const [answer] = await exchange(again, requestText('GET', '/downward'));
      expect([again.isSessionReused(), answer?.status]).toEqual([true, 403]);
      again.destroy();
    }
  });

  test('nobody shows another certificate on a connection that was made', async () => {
    const socket = await openRaw(gd, { maxVersion: 'TLSv1.2' });
    expect((await exchange(socket, requestText('GET', '/downward')))[0]?.status).toBe(200);
    const done = await new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.once('close', () => resolve('closed'));
      socket.renegotiate({ rejectUnauthorized: false }, () => resolve('renegotiated'));
    });
    expect(done).toBe('ERR_SSL_NO_RENEGOTIATION');
    socket.destroy();
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('%s is not spoken', async (version) => {
    const { hostname, port } = new URL(gd.url);
    const ended = await new Promise<string>((resolve) => {
      const socket: TLSSocket = connect({
        host: hostname,
        port: Number(port),
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      socket.once('secureConnect', () => resolve(socket.getProtocol() ?? ''));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    });
    expect(ended).not.toContain('TLSv1');
  });
});
