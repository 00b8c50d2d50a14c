import { createHmac } from 'node:crypto';
import { sampleMessage } from '@beacontower/messages';
import { type ReceivedWebhook, startWebhookReceiver, type WebhookReceiver } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChannels } from './index.ts';
import { channelsTo, dependencies, outgoing, SECRETS } from './outgoing.fixture.ts';

const KEY = '73febdcb-1b38-4d1b-a994-790f21fc8d30';
const OK = { status: 200, body: '{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}' } as const;
let receiver: WebhookReceiver;
const channels = createChannels(dependencies);

beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
beforeEach(() => {
  receiver.clear();
  receiver.otherwise(OK);
});
afterAll(() => receiver.stop());

const urlOf = () => `${receiver.url}/robot/send?key=${KEY}`;
const last = (): ReceivedWebhook => {
  const request = receiver.received.at(-1);
  if (!request) throw new Error('nothing was received');
  return request;
};

describe('a robot', () => {
  it.each([
    ['wecom', '{"errcode":0,"errmsg":"ok"}', 'delivered', null],
    ['wecom', '{"errcode":45009,"errmsg":"api freq out of limit"}', 'retry', 30_000],
    ['wecom', '{"errcode":93000,"errmsg":"invalid webhook url"}', 'retry', null],
    ['wecom', '{"errcode":-1,"errmsg":"system busy"}', 'retry', null],
    ['wecom', '{"errcode":45002,"errmsg":"content size out of limit"}', 'rejected', null],
    ['dingtalk', '{"errcode":0,"errmsg":"ok"}', 'delivered', null],
    ['dingtalk', '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', 'retry', 60_000],
    ['dingtalk', '{"errcode":410100,"errmsg":"too fast"}', 'retry', 60_000],
    ['dingtalk', '{"errcode":310000,"errmsg":"sign not match"}', 'retry', null],
    ['dingtalk', '{"errcode":460101,"errmsg":"message too long"}', 'rejected', null],
    ['feishu', '{"code":0,"msg":"success"}', 'delivered', null],
    ['feishu', '{"StatusCode":0,"StatusMessage":"success"}', 'delivered', null],
    ['feishu', '{"code":11232,"msg":"create message trigger system rate limit"}', 'retry', 15_000],
    ['feishu', '{"code":9499,"msg":"too many request"}', 'retry', 15_000],
    ['feishu', '{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}', 'retry', null],
    ['feishu', '{"code":9499,"msg":"Bad Request"}', 'rejected', null],
    ['wecom', '<html>please sign in</html>', 'retry', null],
    ['feishu', '{"unexpected":true}', 'retry', null],
  ] as const)('%s that answers 200 with %s', async (kind, body, outcome, retryAfterMs) => {
    receiver.script({ status: 200, body });
    const result = await channels.send(outgoing(channelsTo(urlOf())[kind]));
    expect(result).toMatchObject({ outcome, retryAfterMs, status: 200 });
    expect(result.error === null).toBe(outcome === 'delivered');
  });

  it.each(['wecom', 'dingtalk', 'feishu'] as const)('%s never shows its URL or its secret', async (kind) => {
    receiver.script({
      status: 200,
      body: JSON.stringify({ errcode: 93000, errmsg: `no robot ${KEY} at ${urlOf()}, sign ${kind === 'wecom' ? '' : SECRETS.SIGN}` }),
    });
    const answered = await channels.send(outgoing(channelsTo(urlOf())[kind]));
    const nonsense = await channels.send(outgoing({ ...channelsTo(urlOf())[kind], url: { env: 'not a url with a key in it' } }));
    const gone = await startWebhookReceiver();
    await gone.stop();
    const refused = await channels.send(outgoing(channelsTo(`${gone.url}/send?key=${KEY}`)[kind]));
    const shown = JSON.stringify([answered, nonsense, refused]);
    expect(shown).not.toContain(KEY);
    expect(shown).not.toContain(SECRETS.SIGN);
    expect(shown).not.toContain('a key in it');
    expect(answered.error).toContain('***');
  });
});

describe('WeCom', () => {
  it('gets markdown within its 4,096 bytes, however many incidents there are', async () => {
    const many = Array.from({ length: 120 }, (_, i) => {
      const one = sampleMessage('outage', 'opened', 'zh');
      return { ...one, id: `e${i}`, incident: { ...one.incident, id: `i${i}`, number: i } };
    });
    const [first = sampleMessage('outage', 'opened', 'zh'), ...others] = many;
    await channels.send(outgoing(channelsTo(urlOf()).wecom, { messages: [first, ...others], total: 157 }));
    const { markdown } = last().json as { markdown: { content: string } };
    expect(Buffer.byteLength(markdown.content)).toBeLessThanOrEqual(4_096);
    const named = markdown.content.match(/#\d+|＃\d+/g)?.length ?? 0;
    expect(named).toBeGreaterThan(10);
    expect(markdown.content).toContain(`另有 ${157 - named} 个`);
  });

  it('mentions members in markdown, everybody and telephone numbers in text, and nobody of an end', async () => {
    const channel = channelsTo(urlOf()).wecom;
    await channels.send(outgoing({ ...channel, mention: ['zhang.san'] }));
    expect(last().json).toMatchObject({ msgtype: 'markdown', markdown: { content: expect.stringContaining('<@zhang.san>') as string } });
    await channels.send(outgoing({ ...channel, mention: ['@all', '13800000000'] }));
    expect(last().json).toMatchObject({ msgtype: 'text', text: { mentioned_list: ['@all'], mentioned_mobile_list: ['13800000000'] } });
    await channels.send(outgoing({ ...channel, mention: ['@all'] }, { messages: [sampleMessage('outage', 'resolved', 'zh')] }));
    expect(last().json).toMatchObject({ msgtype: 'markdown' });
  });
});

describe('a template that fails', () => {
  it('lets the message go in the built-in words; the message and the attempt say so', async () => {
    const template = { id: 'own', zh: { title: null, text: null, markdown: '{{ incident.titel }}' }, en: null };
    const result = await channels.send(outgoing(channelsTo(urlOf()).wecom, { template }));
    expect(result).toMatchObject({ outcome: 'delivered', error: expect.stringContaining('The template "own" cannot be used') as string });
    expect(last().raw).toContain('模板“own”无法使用');
  });
});

describe('DingTalk', () => {
  it('is signed over time and secret, and mentions', async () => {
    const channel = { ...channelsTo(urlOf()).dingtalk, mention: ['13800000000', 'user7', 'all'] };
    await channels.send(outgoing(channel, { now: 1_577_262_236_757 }));
    const query = new URL(last().path, 'http://x').searchParams;
    const expected = createHmac('sha256', SECRETS.SIGN ?? '')
      .update(`1577262236757\n${SECRETS.SIGN}`)
      .digest('base64');
    expect([query.get('key'), query.get('timestamp'), query.get('sign')]).toEqual([KEY, '1577262236757', expected]);
    expect(last().json).toMatchObject({
      msgtype: 'markdown',
      markdown: { title: '[告警 · 紧急] 电路 广州-深圳 100G 中断 #42', text: expect.stringContaining('@13800000000 @user7') as string },
      at: { atMobiles: ['13800000000'], atUserIds: ['user7'], isAtAll: true },
    });
  });
});

describe('Feishu', () => {
  it('gets a signed card in the colour of the severity, with the runbook as its button', async () => {
    await channels.send(outgoing({ ...channelsTo(urlOf()).feishu, mention: ['ou_1', 'a@example.cn'] }, { now: 1_599_360_473_999 }));
    const sign = createHmac('sha256', `1599360473\n${SECRETS.SIGN}`).update('').digest('base64');
    expect(last().json).toMatchObject({ timestamp: '1599360473', sign, msg_type: 'interactive' });
    const { card } = last().json as { card: { header: { template: string }; elements: { tag: string; content?: string }[] } };
    expect(card.header.template).toBe('red');
    expect(card.elements.map(({ tag }) => tag)).toEqual(['markdown', 'action', 'note']);
    expect(card.elements[0]?.content).toContain('<at id=ou_1></at> <at email=a@example.cn></at>');
  });
});

describe('a gateway', () => {
  it('is sent what its templates make, with its secrets, and judged by its answer', async () => {
    const channel = {
      ...channelsTo(`${receiver.url}/sms?app=noc`).gateway,
      query: 'sign={{ address | hmac_sha256: secrets.key }}',
      headers: { 'X-Key': '{{ secrets.key }}' },
      accepted: '"code":"OK"',
    };
    receiver.script({ status: 200, body: '{"code":"OK"}' }, { status: 200, body: `{"code":"NO_BALANCE","key":"${SECRETS.TOKEN}"}` });
    expect(await channels.send(outgoing(channel))).toMatchObject({ outcome: 'delivered' });
    const sign = createHmac('sha256', SECRETS.TOKEN ?? '')
      .update('13800000000')
      .digest('hex');
    expect(last().path).toBe(`/sms?app=noc&sign=${sign}`);
    expect(last().headers['x-key']).toBe(SECRETS.TOKEN);
    expect(last().json).toMatchObject({ to: '13800000000', text: expect.stringContaining('报障电话 10000') as string });
    const refused = await channels.send(outgoing(channel));
    expect(refused).toMatchObject({ outcome: 'retry', response: '{"code":"NO_BALANCE","key":"***"}' });
  });

  it('with a template that fails is a visible failure that shows no secret', async () => {
    const channel = channelsTo(receiver.url).gateway;
    const [failing, noJson] = [
      await channels.send(outgoing({ ...channel, body: '{{ secrets.key }}{{ nothing.such }}' })),
      await channels.send(outgoing({ ...channel, body: '{"to": {{ address }}x}' })),
    ];
    expect(failing).toMatchObject({ outcome: 'retry', error: expect.stringContaining('undefined variable: nothing') as string });
    expect(noJson).toMatchObject({ outcome: 'retry', error: expect.stringContaining('no valid JSON') as string });
    expect(JSON.stringify(failing)).not.toContain(SECRETS.TOKEN);
    expect(receiver.received).toHaveLength(0);
  });
});

describe('a gateway whose "accepted"', () => {
  const channel = () => ({ ...channelsTo(receiver.url).gateway, timeoutMs: 5_000 });

  it('takes for ever to judge an answer is a visible failure, and holds nothing up', async () => {
    receiver.script({ status: 200, body: `${'a'.repeat(2_000)}!` });
    const begun = performance.now();
    const result = await channels.send(outgoing({ ...channel(), accepted: '^(a+)+$' }));
    expect(result).toMatchObject({ outcome: 'retry', status: 200, error: expect.stringContaining('simpler pattern') as string });
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('asks for what may stand beyond the part that is read is in doubt', async () => {
    receiver.script({ status: 200, body: `${' '.repeat(3_000)}"code":"OK"` }, { status: 200, body: '"code":"NO"' });
    expect(await channels.send(outgoing({ ...channel(), accepted: '"OK"' }))).toMatchObject({ outcome: 'in-doubt' });
    expect(await channels.send(outgoing({ ...channel(), accepted: '"OK"' }))).toMatchObject({ outcome: 'retry' });
  });
});

describe('a key in the URL', () => {
  it.each(['webhook', 'gateway', 'alertmanager'] as const)('of a %s that its receiver repeats is not kept', async (kind) => {
    receiver.script({ status: 404, body: `there is no /hooks/0123456789abcdef?token=${KEY}` });
    const result = await channels.send(outgoing(channelsTo(`${receiver.url}/hooks/0123456789abcdef?token=${KEY}`)[kind]));
    expect(result).toMatchObject({ outcome: 'rejected', response: 'there is no /hooks/***?token=***' });
  });
});

describe('an Alertmanager receiver', () => {
  it('gets version 4, with the same fingerprint and group from the alarm to its end', async () => {
    const channel = channelsTo(receiver.url).alertmanager;
    await channels.send(outgoing(channel));
    await channels.send(outgoing(channel, { messages: [sampleMessage('outage', 'resolved', 'zh')] }));
    interface Payload {
      readonly groupKey: string;
      readonly alerts: readonly { readonly fingerprint: string; readonly labels: object }[];
    }
    const [fired, resolved] = receiver.received.map(({ json }) => json as Payload);
    expect(fired).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'own',
      truncatedAlerts: 0,
      alerts: [
        {
          status: 'firing',
          endsAt: '0001-01-01T00:00:00Z',
          labels: { alertname: 'outage', severity: 'critical', object: 'gd:gz-sz-100g' },
        },
      ],
    });
    expect(resolved).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved', endsAt: '2026-11-22T03:52:05.000Z' }] });
    expect(resolved?.groupKey).toBe(fired?.groupKey);
    expect(resolved?.alerts[0]).toMatchObject({ fingerprint: fired?.alerts[0]?.fingerprint, labels: fired?.alerts[0]?.labels });
    expect(receiver.received[0]?.headers.authorization).toBe(`Bearer ${SECRETS.TOKEN}`);
  });
});
