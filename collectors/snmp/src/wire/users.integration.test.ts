import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { SnmpSecret } from '@beacontower/contracts';
import { programsPresent, type Snmpd, startSnmpd, waitFor } from '@beacontower/testing';
import {
  AccessControlModelType,
  AuthProtocols,
  createAgent,
  MaxAccess,
  MibProviderType,
  ObjectType,
  PrivProtocols,
  SecurityLevel,
} from 'net-snmp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oid } from './oid.ts';
import { SYS_UPTIME, type TestTransport, testTransport } from './test-helpers.ts';

const KEY = 'authentication of tests';
const PRIVACY_KEY = 'privacy of tests';
const secret = (
  auth: NonNullable<Extract<SnmpSecret, { version: '3' }>['auth']>['protocol'],
  privacy: NonNullable<Extract<SnmpSecret, { version: '3' }>['privacy']>['protocol'],
): SnmpSecret => ({
  version: '3',
  user: 'watcher',
  context: '',
  auth: { protocol: auth, key: KEY },
  privacy: { protocol: privacy, key: PRIVACY_KEY },
});

/** A port that is free now; TCP and UDP ports are the same numbers, and a test machine has few of either in use. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

describe("users of version 3 and net-snmp's own agent", () => {
  let wire: TestTransport;
  let agent: ReturnType<typeof createAgent>;
  let port: number;
  beforeEach(() => {
    wire = testTransport();
  });
  afterEach(async () => {
    await wire.transport.stop();
    agent.close();
  });

  async function start(authProtocol: AuthProtocols, privProtocol: PrivProtocols): Promise<void> {
    port = await freePort();
    agent = createAgent({ port, address: '127.0.0.1', accessControlModelType: AccessControlModelType.None }, () => undefined);
    agent
      .getAuthorizer()
      .addUser({ name: 'watcher', level: SecurityLevel.authPriv, authProtocol, authKey: KEY, privProtocol, privKey: PRIVACY_KEY });
    const name = 'sysName';
    const maxAccess = MaxAccess['read-only'];
    agent.registerProvider({ name, type: MibProviderType.Scalar, oid: '1.3.6.1.2.1.1.5', scalarType: ObjectType.OctetString, maxAccess });
    agent.getMib().setScalarValue(name, 'an agent of net-snmp');
  }

  it.each([
    ['sha256', 'aes256r', AuthProtocols.sha256, PrivProtocols.aes256r],
    ['sha1', 'aes256r', AuthProtocols.sha, PrivProtocols.aes256r],
    ['sha512', 'aes256b', AuthProtocols.sha512, PrivProtocols.aes256b],
    ['sha224', 'aes128', AuthProtocols.sha224, PrivProtocols.aes],
  ] as const)('understand each other with %s and %s', async (auth, privacy, authProtocol, privProtocol) => {
    await start(authProtocol, privProtocol);
    const conversation = wire.transport.conversation({ address: '127.0.0.1', port, secret: secret(auth, privacy) });
    // It listens some time after it was made, and does not say when.
    const answer = await waitFor(async () => {
      const outcome = await conversation.get([oid('1.3.6.1.2.1.1.5.0')], { timeoutMs: 500 });
      if (!outcome.ok) throw new Error(`${outcome.failure}: ${outcome.text}`);
      return outcome;
    });
    expect(answer.cells.text(0)).toBe('an agent of net-snmp');
  });
});

describe.runIf(programsPresent('snmpd'))('many users of version 3', () => {
  let snmpd: Snmpd;
  beforeAll(async () => {
    snmpd = await startSnmpd({
      users: [{ name: 'watcher', auth: { protocol: 'SHA-256', key: KEY }, privacy: { protocol: 'AES', key: PRIVACY_KEY } }],
    });
  });
  afterAll(() => snmpd.stop());

  it('share the sockets: a thousand conversations open no further files', async () => {
    const wire = testTransport({ sockets: 2 });
    const conversations = Array.from({ length: 1_000 }, () =>
      wire.transport.conversation({ address: '127.0.0.1', port: snmpd.port, secret: secret('sha256', 'aes128') }),
    );
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    for (const conversation of conversations) {
      const answer = await conversation.get([SYS_UPTIME], { timeoutMs: 5_000 });
      expect(answer).toMatchObject({ ok: true });
      expect(openFiles()).toBeLessThan(before + 20);
    }
    await wire.transport.stop();
  });
});
