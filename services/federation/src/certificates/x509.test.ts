import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkRequest, issueToNode, issueToServer, makeAuthority, makeKeys, makeRequest, nameOf } from './x509.ts';

const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;
const life = { notBefore: NOW, notAfter: NOW + 90 * DAY };

async function authority() {
  const keys = await makeKeys();
  return { certificate: await makeAuthority('centre', keys, { notBefore: NOW, notAfter: NOW + 3_650 * DAY }), privateKey: keys.privateKey };
}

describe('certificates of the federation', () => {
  test('bind a key to a node and its division, under the authority', async () => {
    const made = await authority();
    const keys = await makeKeys();
    const request = await checkRequest(await makeRequest('gd', keys));
    if (request === null) throw new Error('a good request was refused');
    const issued = await issueToNode(made, request, { node: 'gd', division: 'cn.gd' }, life);
    const read = new X509Certificate(issued.certificate);
    expect(nameOf(read.subjectAltName)).toEqual({ node: 'gd', division: 'cn.gd' });
    expect(read.verify(new X509Certificate(made.certificate).publicKey)).toBe(true);
    expect(read.checkIssued(new X509Certificate(made.certificate))).toBe(true);
    expect(read.ca).toBe(false);
    expect(issued.notAfter).toBe(life.notAfter);
    expect(request.keyFingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of a listener name the hosts it is reached by', async () => {
    const issued = await issueToServer(await authority(), await makeKeys(), 'cn', ['noc.example.cn', '10.0.0.1', 'fd00::1'], life);
    const read = new X509Certificate(issued.certificate);
    expect(read.checkHost('noc.example.cn')).toBe('noc.example.cn');
    expect(read.checkIP('10.0.0.1')).toBe('10.0.0.1');
    expect(read.checkIP('fd00::1')).toBe('fd00::1');
  });

  test('are not given for what is no request, or was changed', async () => {
    const good = await makeRequest('gd', await makeKeys());
    const body = good.split('\n');
    const line = body[2] ?? '';
    body[2] = line.slice(0, 10) + (line[10] === 'A' ? 'B' : 'A') + line.slice(11);
    expect(await checkRequest(body.join('\n'))).toBeNull();
    expect(await checkRequest('-----BEGIN CERTIFICATE REQUEST-----\nnothing\n-----END CERTIFICATE REQUEST-----')).toBeNull();
  });
});
