import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWebhookReceiver, type WebhookReceiver } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchange, type HttpRequest } from './http.ts';
import { createChannels } from './index.ts';
import { channelsTo, dependencies, outgoing } from './outgoing.fixture.ts';

let receiver: WebhookReceiver;
let elsewhere: WebhookReceiver;
const channels = createChannels(dependencies);

beforeAll(async () => {
  [receiver, elsewhere] = await Promise.all([startWebhookReceiver(), startWebhookReceiver()]);
});
beforeEach(() => {
  receiver.clear();
  elsewhere.clear();
});
afterAll(() => Promise.all([receiver.stop(), elsewhere.stop()]));

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url: new URL(url),
  method: 'POST',
  headers: {},
  body: '{}',
  timeoutMs: 500,
  allowLocal: false,
  ca: null,
  ...more,
});

const KINDS = ['webhook', 'wecom', 'dingtalk', 'feishu', 'gateway', 'alertmanager'] as const;

describe.each(KINDS)('the channel %s', (kind) => {
  const send = (url = receiver.url) => channels.send(outgoing(channelsTo(url)[kind]));

  it.each([
    [400, 'rejected', null],
    [404, 'rejected', null],
    [301, 'rejected', null],
    [429, 'retry', 7_000],
    [500, 'retry', null],
    [503, 'retry', 7_000],
  ] as const)('judges an answer of %i', async (status, outcome, retryAfterMs) => {
    receiver.script({ status, ...(retryAfterMs === null ? {} : { retryAfterSeconds: 7 }) });
    expect(await send()).toMatchObject({ outcome, status, retryAfterMs, error: `the receiver answered ${status}` });
  });

  it('is in doubt about a receiver that hangs, or breaks off without an answer', async () => {
    receiver.script('hang', 'reset');
    expect(await send()).toMatchObject({ outcome: 'in-doubt', error: 'no answer within 500 ms' });
    expect(await send()).toMatchObject({ outcome: 'in-doubt', status: null });
  });

  it('knows that a receiver which is not there has seen nothing', async () => {
    const gone = await startWebhookReceiver();
    await gone.stop();
    expect(await send(gone.url)).toMatchObject({ outcome: 'retry', error: expect.stringContaining('ECONNREFUSED') as string });
  });

  it('says what was sent, by its digest', async () => {
    receiver.script({ status: 200, body: '{"errcode":0,"code":0}' });
    expect((await send()).digest).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a receiver', () => {
  it('that sends elsewhere is not followed', async () => {
    const server = createServer((_request, response) => response.writeHead(307, { location: elsewhere.url }).end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await channels.send(outgoing(channelsTo(url).webhook))).toMatchObject({ outcome: 'rejected', status: 307 });
    expect(elsewhere.received).toHaveLength(0);
    server.close();
  });

  it('that answers with gigabytes is cut off after 2 kB; its status counts', async () => {
    let sent = 0;
    const server = createServer((_request, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.byteLength;
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const answer = await exchange(request(url, { allowLocal: true, timeoutMs: 5_000 }));
    expect(answer).toMatchObject({ is: 'answered', status: 200, whole: false });
    expect(answer.is === 'answered' && answer.text.length).toBe(2_048);
    const result = await channels.send(outgoing(channelsTo(url).webhook));
    expect(result).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(sent).toBeLessThan(50_000_000);
    server.closeAllConnections();
    server.close();
  });

  it('that sends headers without end, or its status and never the rest, holds nothing up', async () => {
    const server = createServer((incoming, response) => {
      if (incoming.url === '/headers') response.socket?.write(`HTTP/1.1 200 OK\r\n${'X-Y: z\r\n'.repeat(20_000)}`);
      else {
        response.writeHead(200).write('{"errco');
        if (incoming.url === '/broken') setTimeout(() => response.socket?.destroy(), 20);
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await exchange(request(`${url}/headers`, { allowLocal: true }))).toMatchObject({ is: 'in-doubt' });
    expect(await channels.send(outgoing(channelsTo(url).webhook))).toMatchObject({ outcome: 'delivered' });
    expect(await channels.send(outgoing(channelsTo(`${url}/broken`).webhook))).toMatchObject({ outcome: 'delivered', status: 200 });
    // What a robot meant by it stands in the part that never came.
    expect(await channels.send(outgoing(channelsTo(url).wecom))).toMatchObject({ outcome: 'in-doubt' });
    server.closeAllConnections();
    server.close();
  });
});

describe('a receiver over TLS', () => {
  it('is believed only with a certificate that is trusted; the request does not leave before', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'channels-'));
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const subject = ['-subj', '/CN=receiver', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-days', '2', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    let requests = 0;
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
      requests += 1;
      response.writeHead(204).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await exchange(request(url, { allowLocal: true }))).toMatchObject({
      is: 'not-sent',
      error: expect.stringMatching(/certificate|SELF_SIGNED/i) as string,
    });
    expect(requests).toBe(0);
    const ca = readFileSync(cert, 'utf8');
    expect(await exchange(request(url, { allowLocal: true, ca }))).toMatchObject({ is: 'answered', status: 204 });
    server.close();
    rmSync(directory, { recursive: true });
  });
});

describe('local targets', () => {
  it.each([
    'http://127.0.0.1:9/',
    'http://127.9.9.9/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://localhost/',
    'http://localhost./',
    'http://app.localhost/',
    'http://169.254.10.1/',
    'http://[fe80::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/',
    'http://metadata.google.internal/',
  ])('%s is refused before anything is sent', async (url) => {
    const answer = await exchange(request(url));
    expect(answer).toEqual({ is: 'not-sent', error: expect.stringContaining('allowLocal') as string });
  });

  it('are refused where a name points to them, also to one of several', async () => {
    const { port } = new URL(receiver.url);
    for (const addresses of [['127.0.0.1'], ['203.0.113.9', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254']]) {
      const answer = await exchange(request(`http://innocent.example.cn:${port}/`), (_name, done) =>
        done(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      );
      expect(answer).toEqual({ is: 'not-sent', error: expect.stringContaining('innocent.example.cn') as string });
    }
    expect(receiver.received).toHaveLength(0);
  });

  it('a name that is bound anew between two looks is connected to where it was looked at', async () => {
    const { port } = new URL(receiver.url);
    const answers = ['127.0.0.1', '203.0.113.9'];
    let looks = 0;
    const answer = await exchange(request(`http://rebound.example.cn:${port}/`, { allowLocal: true }), (_name, done) => {
      done(null, [{ address: answers[looks++] ?? '', family: 4 }]);
    });
    expect([answer.is, looks]).toEqual(['answered', 1]);
  });

  it('are reached when the channel allows it', async () => {
    expect(await exchange(request(receiver.url, { allowLocal: true }))).toMatchObject({ is: 'answered', status: 200 });
  });

  it('are a visible failure of the delivery', async () => {
    const channel = { ...channelsTo(receiver.url).webhook, allowLocal: false };
    expect(await channels.send(outgoing(channel))).toMatchObject({ outcome: 'retry', error: expect.stringContaining('refused') as string });
    expect(receiver.received).toHaveLength(0);
  });
});
