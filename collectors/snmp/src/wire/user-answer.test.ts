import { describe, expect, it } from 'vitest';
import { BerReader } from './ber-reader.ts';
import { Engine } from './engine.ts';
import type { Objection } from './exchanges.ts';
import { readEnvelope } from './message.ts';
import { oid } from './oid.ts';
import { REPORT } from './reports.ts';
import { dice, element, integer, responsePdu } from './test-ber.ts';
import { SYS_UPTIME } from './test-helpers.ts';
import { type Expectation, type Opened, openMessage } from './user-answer.ts';
import { PasswordDigests, type UserKeys, UserSecurity } from './user-security.ts';

const ENGINE = Buffer.from('80001f8804aabbccdd01', 'hex');
const ID = 4_711;
const security = new UserSecurity(
  {
    version: '3',
    user: 'watcher',
    context: '',
    auth: { protocol: 'sha256', key: 'authentication of tests' },
    privacy: { protocol: 'aes128', key: 'privacy of tests' },
  },
  new PasswordDigests(),
);
const keys = security.keysFor(ENGINE);
const reader = new BerReader();

interface Message {
  readonly flags?: number;
  readonly engineId?: Buffer;
  readonly boots?: number;
  readonly time?: number;
  readonly user?: string;
  readonly id?: number;
  readonly tag?: number;
  readonly name?: Uint8Array;
  readonly keys?: UserKeys;
  readonly damage?: (message: Buffer) => void;
}

/** A message as an agent would send it. */
function message(parts: Message = {}): Buffer {
  const { flags = 3, engineId = ENGINE, boots = 5, time = 1_000, user = 'watcher', id = ID, tag = 0xa2 } = parts;
  const pdu = responsePdu({ tag, id, variables: [[parts.name ?? SYS_UPTIME.bytes, integer(0x43, 42n)]] });
  const scoped = Buffer.from(element(0x30, [...element(4, engineId), ...element(4, []), ...pdu]));
  const encrypted = flags & 2 ? security.encrypt(parts.keys ?? keys, { boots, time }, scoped) : null;
  const data = encrypted === null ? [...scoped] : element(4, encrypted.data);
  const digest = Buffer.alloc(flags & 1 ? 24 : 0);
  const parameters = element(0x30, [
    ...element(4, engineId),
    ...integer(2, BigInt(boots)),
    ...integer(2, BigInt(time)),
    ...element(4, Buffer.from(user)),
    ...element(4, digest),
    ...element(4, encrypted?.salt ?? []),
  ]);
  const header = element(0x30, [...integer(2, BigInt(ID)), ...integer(2, 65_507n), ...element(4, [flags]), ...integer(2, 3n)]);
  const whole = Buffer.from(element(0x30, [...integer(2, 3n), ...header, ...element(4, parameters), ...data]));
  if (flags & 1) security.digest(parts.keys ?? keys, whole).copy(whole, whole.indexOf(digest));
  parts.damage?.(whole);
  return whole;
}

function proven(): Engine {
  const engine = new Engine(ENGINE, keys, { boots: 5, time: 1_000 }, 0);
  engine.adopt({ boots: 5, time: 1_000 }, 0);
  return engine;
}

function open(datagram: Buffer, changes: Partial<Expectation> = {}): Opened | Objection {
  const envelope = readEnvelope(reader, datagram);
  if (envelope === null) return { reason: 'unreadable', failure: 'malformed', text: '' };
  return openMessage(reader, datagram, envelope, {
    security,
    user: Buffer.from('watcher'),
    engine: proven(),
    keys,
    id: ID,
    now: 0,
    ...changes,
  });
}

const UNKNOWN_ENGINE = oid(REPORT.unknownEngine).bytes;

describe('a message of version 3', () => {
  it('is opened when all it claims holds', () => {
    expect(open(message())).toMatchObject({ kind: 'response', truncated: false });
  });

  it.each([
    ['no authentication', { flags: 0 }, 'unsupported-security'],
    ['authentication, but in the clear', { flags: 1 }, 'unsupported-security'],
    ['encryption without authentication', { flags: 2 }, 'unsupported-security'],
    ['the digest of another key', { keys: security.keysFor(Buffer.from('80001f8804ffffffff01', 'hex')) }, 'wrong-key'],
    ['another engine', { engineId: Buffer.from('80001f8804aabbccdd99', 'hex') }, 'malformed'],
    ['another user', { user: 'somebody' }, 'malformed'],
    ['another request in its PDU', { id: ID + 1 }, 'malformed'],
    ['a request instead of a response', { tag: 0xa0 }, 'malformed'],
    ['a boot before the last', { boots: 4, time: 9_000 }, 'not-in-time-window'],
    ['a time long past', { time: 849 }, 'not-in-time-window'],
    ['boots that have run out', { boots: 0x7fffffff }, 'not-in-time-window'],
  ] as const)('is not believed with %s', (_, parts, failure) => {
    expect(open(message(parts))).toMatchObject({ failure });
  });

  it('is believed at the edge of the window, and from a later boot', () => {
    expect(open(message({ time: 850 }))).toMatchObject({ kind: 'response' });
    expect(open(message({ boots: 6, time: 1 }))).toMatchObject({ kind: 'response' });
  });

  it('may be a report without proof, which is told apart from one with proof', () => {
    const report = { tag: 0xa8, name: UNKNOWN_ENGINE };
    expect(open(message({ ...report, flags: 0 }))).toMatchObject({ kind: 'report', oid: '1.3.6.1.6.3.15.1.1.4.0', proven: false });
    expect(open(message({ ...report, flags: 1 }))).toMatchObject({ kind: 'report', proven: true });
    expect(open(message({ ...report, flags: 0 }), { engine: null, keys: { auth: null, privacy: null } })).toMatchObject({ kind: 'report' });
    expect(open(message(), { engine: null })).toMatchObject({ failure: 'malformed' });
  });

  it('is refused after any change to any of its bits', () => {
    const good = message();
    for (let bit = 0; bit < good.length * 8; bit++) {
      const forged = Buffer.from(good);
      forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(open(forged)).not.toHaveProperty('kind');
    }
  });

  it('never makes the reader throw, and a response is never what was not sent', { timeout: 120_000 }, () => {
    const roll = dice(3);
    for (let i = 0; i < 60_000; i++) {
      const flags = roll(4);
      const datagram = message({ flags, tag: roll(4) === 0 ? 0xa8 : 0xa2, boots: roll(10), time: roll(2_000) });
      const cut = roll(4) === 0 ? datagram.subarray(0, roll(datagram.length + 1)) : datagram;
      for (let change = roll(4); change >= 0 && cut.length > 0; change--)
        cut[roll(cut.length)] = [roll(256), 0, 0x80, 0xff, 0x84][roll(5)] as number;
      const opened = open(cut);
      // Changed by chance to what it was, or not at all: only then may it pass.
      if ('kind' in opened && opened.kind === 'response') expect(flags).toBe(3);
    }
  });
});
