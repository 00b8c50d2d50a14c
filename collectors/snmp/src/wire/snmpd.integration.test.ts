import type { SnmpSecret } from '@beacontower/contracts';
import { programsPresent, type Snmpd, startSnmpd } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oid } from './oid.ts';
import { type Conversation, END, TAG, type Target } from './port.ts';
import {
  columns,
  community,
  IF_DESCR,
  IF_HC_IN_OCTETS,
  IF_NAME,
  SYS_NAME,
  SYS_UPTIME,
  type TestTransport,
  testTransport,
} from './test-helpers.ts';

const ENGINE = '80001f8804aabbccdd01';
const OTHER_ENGINE = '80001f8804aabbccdd02';
const AUTH_KEY = 'authentication of tests';
const PRIVACY_KEY = 'privacy of tests';
const AUTH = { md5: 'MD5', sha1: 'SHA', sha224: 'SHA-224', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;
const PRIVACY = { des: 'DES', aes128: 'AES', aes256b: 'AES-256' } as const;
type UserSecret = Extract<SnmpSecret, { version: '3' }>;

const pairs = (Object.keys(AUTH) as (keyof typeof AUTH)[]).flatMap((auth) =>
  (Object.keys(PRIVACY) as (keyof typeof PRIVACY)[]).map((privacy) => ({ auth, privacy, user: `${auth}-${privacy}` })),
);
const secure: UserSecret = {
  version: '3',
  user: 'sha256-aes128',
  context: '',
  auth: { protocol: 'sha256', key: AUTH_KEY },
  privacy: { protocol: 'aes128', key: PRIVACY_KEY },
};
const OPTIONS = { timeoutMs: 3_000 };

describe.runIf(programsPresent('snmpd'))('the wire and snmpd', () => {
  let snmpd: Snmpd;
  let wire: TestTransport;
  const target = (secret: SnmpSecret, address = '127.0.0.1'): Target => ({ address, port: snmpd.port, secret });
  const talk = (secret: SnmpSecret, address?: string): Conversation => wire.transport.conversation(target(secret, address));

  beforeAll(async () => {
    snmpd = await startSnmpd({
      engineId: ENGINE,
      users: [
        { name: 'plain' },
        { name: 'auth-only', auth: { protocol: 'SHA-256', key: AUTH_KEY } },
        ...pairs.map(({ auth, privacy, user }) => ({
          name: user,
          auth: { protocol: AUTH[auth], key: AUTH_KEY },
          privacy: { protocol: PRIVACY[privacy], key: PRIVACY_KEY },
        })),
      ],
    });
    wire = testTransport();
    await wire.transport.start();
  });
  afterAll(async () => {
    await wire.transport.stop();
    await snmpd.stop();
  });

  const bulk = (conversation: Conversation, timeoutMs = OPTIONS.timeoutMs) =>
    conversation.bulk({ scalars: [SYS_UPTIME, SYS_NAME], columns: columns(IF_DESCR, IF_HC_IN_OCTETS), maxRepetitions: 50 }, { timeoutMs });

  async function expectTable(conversation: Conversation): Promise<void> {
    const answer = await bulk(conversation);
    if (!answer.ok) throw new Error(`${answer.failure}: ${answer.text}`);
    expect(answer.scalars.tags[0]).toBe(TAG.timeTicks);
    expect(answer.scalars.text(1)).toBe('snmpd-of-tests');
    const rows = answer.counts[0] as number;
    expect(rows).toBeGreaterThan(0);
    const names = Array.from({ length: rows }, (_, row) => answer.cells.text(row));
    expect(names).toContain('lo');
    expect(answer.counts[1]).toBe(rows);
    const loopback = answer.stride + names.indexOf('lo');
    expect(answer.cells.tags[loopback]).toBe(TAG.counter64);
    expect(answer.cells.bigint(loopback)).toBeGreaterThan(0n);
    answer.release();
  }

  describe.each(['127.0.0.1', '::1', '0:0:0:0:0:0:0:1'])('at %s', (address) => {
    it('answers v2c in columns', () => expectTable(talk(community('2c'), address)));

    it('answers v1 row by row until each column is done', async () => {
      const conversation = talk(community('1'), address);
      const names: string[] = [];
      let after: number | null = null;
      for (let request = 0; request < 1_000; request++) {
        const answer = await conversation.bulk({ scalars: [SYS_UPTIME], columns: [{ oid: IF_NAME, after }], maxRepetitions: 50 }, OPTIONS);
        if (!answer.ok) throw new Error(answer.text);
        expect(answer.scalars.tags[0]).toBe(TAG.timeTicks);
        expect(answer.asked).toBe(1);
        if (answer.ends[0] === END.done) break;
        names.push(answer.cells.text(0));
        after = answer.rows[0] as number;
        answer.release();
      }
      expect(names).toContain('lo');
    });

    it('answers v3 in columns', () => expectTable(talk(secure, address)));
  });

  it.each(pairs)('v3 with $auth and $privacy', ({ auth, privacy, user }) =>
    expectTable(talk({ ...secure, user, auth: { protocol: auth, key: AUTH_KEY }, privacy: { protocol: privacy, key: PRIVACY_KEY } })),
  );

  it('v3 with authentication alone, and with neither', async () => {
    await expectTable(talk({ ...secure, user: 'auth-only', privacy: null }));
    await expectTable(talk({ ...secure, user: 'plain', auth: null, privacy: null }));
  });

  it('tells what is not there from what is', async () => {
    const missing = oid('1.3.6.1.2.1.1.99.0');
    for (const secret of [community('2c'), secure]) {
      const answer = await talk(secret).get([SYS_NAME, missing], OPTIONS);
      if (!answer.ok) throw new Error(answer.text);
      expect(answer.cells.text(0)).toBe('snmpd-of-tests');
      expect(answer.cells.tags[1]).toBe(TAG.noSuchObject);
    }
    expect(await talk(community('1')).get([SYS_NAME, missing], OPTIONS)).toMatchObject({ failure: 'no-such-name', index: 1 });
  });

  it('v1 leaves out what has no successor and answers the rest', async () => {
    const beyond = oid('1.9.9.9');
    const answer = await talk(community('1')).bulk(
      { scalars: [oid('1.9.9.9.0'), SYS_UPTIME], columns: columns(beyond, IF_NAME), maxRepetitions: 1 },
      OPTIONS,
    );
    if (!answer.ok) throw new Error(answer.text);
    expect([...answer.scalars.tags.subarray(0, 2)]).toEqual([TAG.nothing, TAG.timeTicks]);
    expect([...answer.ends.subarray(0, 2)]).toEqual([END.done, END.open]);
    expect([...answer.counts.subarray(0, 2)]).toEqual([0, 1]);
  });

  it('names what is wrong with a credential', async () => {
    const wrong = (changes: Partial<UserSecret>) => talk({ ...secure, ...changes }).get([SYS_UPTIME], { timeoutMs: 700 });
    expect(await wrong({ user: 'nobody' })).toMatchObject({ failure: 'unknown-user' });
    expect(await wrong({ auth: { protocol: 'sha256', key: 'not the right one' } })).toMatchObject({ failure: 'wrong-key' });
    expect(await wrong({ auth: { protocol: 'sha512', key: AUTH_KEY } })).toMatchObject({ failure: 'wrong-key' });
    expect(await wrong({ user: 'plain' })).toMatchObject({ failure: 'unsupported-security' });
    expect(await wrong({ auth: null })).toMatchObject({ failure: 'unsupported-security' });
    expect(await talk(community('2c', 'wrong')).get([SYS_UPTIME], { timeoutMs: 300 })).toMatchObject({ failure: 'timeout' });
  });

  // snmpd meets both with silence.
  it.each([
    ['a wrong privacy key', 'wrong-key', { privacy: { protocol: 'aes128', key: 'not the right one' } }],
    ['a context that is not there', 'unsupported-security', { user: 'auth-only', privacy: null, context: 'elsewhere' }],
  ] as const)('names %s after a few requests', async (_, failure, changes) => {
    const conversation = talk({ ...secure, ...changes });
    const failures: string[] = [];
    for (let ask = 0; ask < 4; ask++) {
      const outcome = await conversation.get([SYS_UPTIME], { timeoutMs: 300 });
      failures.push(outcome.ok ? 'answered' : outcome.failure);
    }
    expect(failures).toEqual(['timeout', 'timeout', failure, failure]);
  });

  it('does not take a busy moment of its own for silence of the agent', async () => {
    const asking = Promise.all(Array.from({ length: 40 }, () => talk(community('2c')).get([SYS_UPTIME], { timeoutMs: 100 })));
    await new Promise((resolve) => setImmediate(resolve));
    for (const until = performance.now() + 400; performance.now() < until; );
    expect((await asking).every((outcome) => outcome.ok)).toBe(true);
  });

  it('survives an agent that was restarted', async () => {
    const conversation = talk(secure);
    await expectTable(conversation);
    await snmpd.halt('SIGTERM');
    await snmpd.start();
    await expectTable(conversation);
    await snmpd.halt('SIGTERM');
    await snmpd.start({ forget: true });
    await expectTable(conversation);
  });

  it('survives a device that was replaced by another', async () => {
    const conversation = talk(secure);
    await expectTable(conversation);
    await snmpd.halt('SIGTERM');
    await snmpd.start({ engineId: OTHER_ENGINE, forget: true });
    await expectTable(conversation);
    await expectTable(talk(secure));
  });

  it('says that nothing listens there, once a first silence made it ask alone', async () => {
    const { port } = snmpd;
    const conversation = wire.transport.conversation({ address: '127.0.0.1', port, secret: community('2c') });
    await snmpd.halt('SIGKILL');
    expect(await conversation.get([SYS_UPTIME], { timeoutMs: 200 })).toMatchObject({ failure: 'timeout' });
    const refused = await conversation.get([SYS_UPTIME], { timeoutMs: 5_000 });
    expect(refused).toMatchObject({ failure: 'send-failed', text: expect.stringContaining('ECONNREFUSED') });
    await snmpd.start();
    await expectTable(conversation);
  });
});
