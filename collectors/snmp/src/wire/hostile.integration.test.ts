import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { type Hostility, type SnmpAgent, startSnmpAgent, waitFor } from '@beacontower/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oid } from './oid.ts';
import { type Conversation, END, TAG } from './port.ts';
import { columns, community, IF_DESCR, IF_HC_IN_OCTETS, SYS_NAME, SYS_UPTIME, type TestTransport, testTransport } from './test-helpers.ts';

const OPTIONS = { timeoutMs: 400 };
const REQUEST = { scalars: [SYS_UPTIME], columns: columns(IF_DESCR, IF_HC_IN_OCTETS), maxRepetitions: 10 };

describe('the wire and agents that misbehave', () => {
  let agent: SnmpAgent;
  let wire: TestTransport;
  let conversation: Conversation;
  beforeEach(async () => {
    agent = await startSnmpAgent({ interfaces: 6 });
    wire = testTransport();
    await wire.transport.start();
    conversation = wire.transport.conversation({ address: agent.address, port: agent.port, secret: community('2c') });
  });
  afterEach(async () => {
    await wire.transport.stop();
    await agent.stop();
  });
  const behave = (hostile: Hostility) => agent.device.setHostile(hostile);
  const dropped = (reason: string) => wire.count('snmp_datagrams_dropped', reason);

  it('takes an answer once and counts the second', async () => {
    behave({ twice: true });
    for (let i = 0; i < 3; i++) expect(await conversation.get([SYS_UPTIME], { timeoutMs: 2_000 })).toMatchObject({ ok: true });
    await waitFor(async () => (await dropped('twice')) === 3);
  });

  it('counts what comes too late', async () => {
    behave({ delayMs: 500 });
    expect(await conversation.get([SYS_UPTIME], { timeoutMs: 50 })).toMatchObject({ failure: 'timeout' });
    await waitFor(async () => (await dropped('late')) === 1);
  });

  it('takes answers in any order', async () => {
    behave({ reverse: 3 });
    const answers = await Promise.all(
      [SYS_UPTIME, SYS_NAME, oid('1.3.6.1.2.1.2.1.0')].map((each) => conversation.get([each], { timeoutMs: 5_000 })),
    );
    expect(answers.map((answer) => answer.ok && answer.cells.tags[0])).toEqual([TAG.timeTicks, TAG.octetString, TAG.integer]);
  });

  it('drops answers from elsewhere, with ids nobody sent, for other communities, and says what it saw', async () => {
    behave({ otherPort: true });
    expect(await conversation.bulk(REQUEST, OPTIONS)).toMatchObject({
      failure: 'timeout',
      text: expect.stringContaining('which was not asked'),
    });
    expect(await dropped('stranger')).toBe(1);
    behave({ wrongRequestId: true });
    expect(await conversation.bulk(REQUEST, OPTIONS)).toMatchObject({ failure: 'timeout' });
    expect(await dropped('unknown')).toBe(1);
    behave({ wrongCommunity: true });
    expect(await conversation.bulk(REQUEST, OPTIONS)).toMatchObject({ failure: 'timeout' });
    expect(await dropped('other-community')).toBe(1);
  });

  it('names garbage malformed', async () => {
    behave({ garbage: true });
    expect(await conversation.bulk(REQUEST, OPTIONS)).toMatchObject({ failure: 'malformed' });
    expect(await dropped('unreadable')).toBe(1);
  });

  it('takes whole rows out of a truncated datagram', async () => {
    behave({ truncate: 200 });
    const answer = await conversation.bulk(REQUEST, OPTIONS);
    if (!answer.ok) throw new Error(answer.text);
    expect(answer.truncated).toBe(true);
    const [first = 0, second = 0] = answer.counts;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(6);
    expect(first - second).toBeLessThanOrEqual(1);
    expect([...answer.ends.subarray(0, 2)]).toEqual([END.open, END.open]);
  });

  it('names error-statuses and whom they blame', async () => {
    behave({ tooBigAbove: 5 });
    expect(await conversation.bulk(REQUEST, OPTIONS)).toMatchObject({ failure: 'too-big' });
    behave({ genErr: IF_HC_IN_OCTETS.text });
    expect(await conversation.bulk(REQUEST, OPTIONS)).toMatchObject({ failure: 'gen-err', index: 2 });
  });

  it('ends a column that goes back, and gives text where numbers should be no number', async () => {
    behave({ loop: IF_DESCR.text });
    const looped = await conversation.bulk(REQUEST, OPTIONS);
    expect(looped.ok && looped.ends[0]).toBe(END.notAscending);
    behave({ wrongTypes: true });
    const wrong = await conversation.bulk(REQUEST, OPTIONS);
    if (!wrong.ok) throw new Error(wrong.text);
    expect(wrong.scalars.number(0)).toBeNull();
    expect(wrong.cells.number(wrong.stride)).toBeNull();
    expect(wrong.cells.tags[wrong.stride]).toBe(TAG.octetString);
  });

  it('settles every open request when stopped, and takes no more', async () => {
    behave({ silent: true });
    const open = Array.from({ length: 50 }, () => conversation.get([SYS_UPTIME], { timeoutMs: 60_000 }));
    expect(await wire.gauge('snmp_requests_open')).toBe(50);
    await wire.transport.stop();
    expect(await wire.gauge('snmp_requests_open')).toBe(0);
    for (const outcome of await Promise.all(open)) expect(outcome).toMatchObject({ failure: 'stopped' });
    expect(await conversation.get([SYS_UPTIME], OPTIONS)).toMatchObject({ failure: 'stopped' });
  });

  it('says what cannot be sent', async () => {
    const unsent = (address: string) =>
      wire.transport.conversation({ address, port: 161, secret: community('2c') }).get([SYS_UPTIME], OPTIONS);
    expect(await unsent('not an address')).toMatchObject({ failure: 'send-failed' });
    expect(await unsent('255.255.255.255')).toMatchObject({ failure: 'send-failed', text: expect.stringContaining('EACCES') });
  });
});

describe('a mirror', () => {
  let mirror: Socket;
  let wire: TestTransport;
  beforeEach(async () => {
    wire = testTransport();
    mirror = createSocket('udp4');
    mirror.on('message', (bytes: Buffer, from: RemoteInfo) => mirror.send(bytes, from.port, from.address));
    await new Promise<void>((resolve) => mirror.bind(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await wire.transport.stop();
    mirror.close();
  });

  it('does not answer, though it has our id and community', async () => {
    const conversation = wire.transport.conversation({ address: '127.0.0.1', port: mirror.address().port, secret: community('2c') });
    expect(await conversation.get([SYS_UPTIME], OPTIONS)).toMatchObject({ failure: 'malformed' });
    expect(await wire.count('snmp_datagrams_dropped', 'no-answer')).toBe(1);
  });
});
