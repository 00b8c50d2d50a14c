import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { createLogger, readCertificate, type TlsFiles } from '@beacontower/runtime';
import { FakeClock, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../server.ts';
import { BOOTSTRAP, bearer, type Harness, startHarness } from '../test-harness.ts';
import { CertificateKeeper } from './keeper.ts';

const directory = mkdtempSync(join(tmpdir(), 'bt-tls-'));
const place = (name: string): TlsFiles => ({ certFile: join(directory, `${name}.crt`), keyFile: join(directory, `${name}.key`) });
const files = place('used');

function make(name: string, days: number): TlsFiles {
  const { certFile, keyFile } = place(name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', String(days)];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', certFile, ...subject], { stdio: 'ignore' });
  return { certFile, keyFile };
}

function put(from: TlsFiles): void {
  copyFileSync(from.certFile, files.certFile);
  copyFileSync(from.keyFile, files.keyFile);
}

let first: TlsFiles;
let second: TlsFiles;
beforeAll(() => {
  first = make('first', 30);
  second = make('second', 5);
  put(first);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the API with a certificate', () => {
  let held: Harness;
  let api: Api;
  beforeAll(async () => {
    held = await startHarness();
    api = createApi({ listen: { host: '127.0.0.1', port: 0 }, bootstrapToken: BOOTSTRAP, tls: files }, held.deps);
    await api.start();
  });
  afterAll(async () => {
    await api.stop();
    await held.close();
  });

  it('answers by HTTPS, and tells browsers to stay with it', async () => {
    expect(api.url).toMatch(/^https:/);
    const { status, headers } = await ask(`${api.url}/api/v1/session`);
    expect(status).toBe(200);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(api.health()).toEqual({ status: 'ok' });
  });

  it('speaks nothing older than TLS 1.2, and no clear HTTP', async () => {
    const port = Number(new URL(api.url ?? '').port);
    expect(await protocolOf(port, 'TLSv1.3')).toBe('TLSv1.3');
    expect(await protocolOf(port, 'TLSv1.2')).toBe('TLSv1.2');
    await expect(protocolOf(port, 'TLSv1.1')).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });

  async function ask(url: string): Promise<{ status: number | undefined; headers: Record<string, unknown> }> {
    return new Promise((resolve, reject) => {
      get(url, { rejectUnauthorized: false, headers: bearer() }, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode, headers: answer.headers });
      }).on('error', reject);
    });
  }
});

function protocolOf(port: number, version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const options = { minVersion: version, maxVersion: version, rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' };
    const socket: TLSSocket = connect(port, '127.0.0.1', options, () => {
      resolve(socket.getProtocol());
      socket.end();
    });
    socket.on('error', reject);
  });
}

describe('a certificate', () => {
  it('that is renewed is taken up, and a bad one is not', async () => {
    put(first);
    const used: string[] = [];
    const clock = new FakeClock(Date.now());
    const logger = createLogger({ name: 'test', level: 'silent' });
    const keeper = new CertificateKeeper(readCertificate(files), {
      files,
      clock,
      logger,
      everyMs: 10,
      use: ({ cert }) => used.push(String(cert)),
    });
    keeper.start();
    expect(keeper.health()).toEqual({ status: 'ok' });
    writeFileSync(files.certFile, 'nothing');
    await waitFor(() => keeper.health().status === 'degraded');
    expect(keeper.health().detail).toContain('holds no certificate');
    expect(used).toEqual([]);
    put(second);
    await waitFor(() => used.length > 0);
    expect(used).toEqual([readCertificate(second).cert]);
    await waitFor(() => keeper.health().detail?.includes('expires in 4 days'));
    clock.advance(6 * 86_400_000);
    expect(keeper.health()).toEqual({ status: 'degraded', detail: 'the certificate has expired' });
    await keeper.stop();
  });

  it.each<[string, () => TlsFiles, RegExp]>([
    ['is not there', () => ({ ...first, certFile: '/nowhere.crt' }), /^BEACONTOWER_TLS_CERT_FILE: .* \(ENOENT\)$/],
    ['has no key', () => ({ ...first, keyFile: '/nowhere.key' }), /^BEACONTOWER_TLS_KEY_FILE: .* \(ENOENT\)$/],
    ['is a key', () => ({ ...first, certFile: first.keyFile }), /holds no certificate/],
    ['has a certificate for a key', () => ({ ...first, keyFile: first.certFile }), /holds no private key/],
    ["has another's key", () => ({ ...first, keyFile: second.keyFile }), /is not the one of the certificate/],
  ])('that %s is told of in one line', (_what, broken, said) => {
    expect(() => readCertificate(broken())).toThrow(said);
  });
});
