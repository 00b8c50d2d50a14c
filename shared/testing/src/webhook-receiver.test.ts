import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookReceiver, verifySignature, type WebhookReceiver } from './webhook-receiver.ts';

const SECRET = 'a secret of the test';
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await startWebhookReceiver({ secret: SECRET });
});
afterEach(() => receiver.stop());

function sign(body: string, time = '1767225600', secret = SECRET): string {
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

function post(body: string, signature?: string, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = signature === undefined ? {} : { 'X-Beacontower-Signature': signature };
  return fetch(`${receiver.url}/hook`, { method: 'POST', body, headers, ...(signal === undefined ? {} : { signal }) });
}

describe('verifySignature', () => {
  it.each([
    ['valid', sign('{}')],
    ['missing', undefined],
    ['malformed', 'v1=abc'],
    ['wrong', sign('{"other":1}')],
    ['wrong', sign('{}', '1767225600', 'another secret')],
    ['wrong', sign('{}').replace('t=1767225600', 't=1767225601')],
  ])('%s', (verdict, header) => {
    expect(verifySignature(header, '{}', SECRET)).toBe(verdict);
  });
});

describe('the webhook receiver', () => {
  it('keeps time, headers, body and the verdict on the signature', async () => {
    const before = Date.now();
    expect((await post('{"a":"烽台"}', sign('{"a":"烽台"}'))).status).toBe(200);
    await post('not json');
    const [first, second] = receiver.received;
    expect(first).toMatchObject({ path: '/hook', raw: '{"a":"烽台"}', json: { a: '烽台' }, signature: 'valid' });
    expect(first?.at).toBeGreaterThanOrEqual(before);
    expect(second).toMatchObject({ json: undefined, signature: 'missing' });
  });

  it('answers as scripted, then as otherwise', async () => {
    receiver.script({ status: 503, retryAfterSeconds: 7 }, { status: 410, body: 'gone' });
    receiver.otherwise({ status: 204 });
    const first = await post('1');
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7']);
    const second = await post('2');
    expect([second.status, await second.text()]).toEqual([410, 'gone']);
    expect((await post('3')).status).toBe(204);
  });

  it('records a request that it hangs on or breaks', async () => {
    receiver.script('reset', 'hang');
    await expect(post('1')).rejects.toThrow();
    const aborted = new AbortController();
    const hanging = post('2', undefined, aborted.signal);
    await receiver.waitFor(({ raw }) => raw === '2');
    aborted.abort();
    await expect(hanging).rejects.toThrow('abort');
    expect(receiver.received.map(({ answer }) => answer)).toEqual(['reset', 'hang']);
  });
});
