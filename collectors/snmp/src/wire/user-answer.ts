import { BerReader } from './ber-reader.ts';
import type { Engine } from './engine.ts';
import type { Objection } from './exchanges.ts';
import { type Envelope, type Pdu, readPdu } from './message.ts';
import { PDU } from './requests.ts';
import { encryptedData, FLAG, readScope, readSecurity, type SecurityParameters } from './secure-message.ts';
import type { UserKeys, UserSecurity } from './user-security.ts';
import { readVarbinds } from './varbinds.ts';
import { VariableReader } from './variables.ts';

/** What a v3 message must fit to be taken. `engine` is null while it is being discovered: then reports alone are taken. */
export interface Expectation {
  readonly security: UserSecurity;
  readonly user: Uint8Array;
  readonly engine: Engine | null;
  readonly keys: UserKeys;
  readonly id: number;
  readonly now: number;
}

export interface OpenedResponse {
  readonly kind: 'response';
  readonly bytes: Uint8Array;
  readonly pdu: Pdu;
  readonly truncated: boolean;
}

/** The agent says why it does not answer. `oid` is the counter it reports; `proven` when its digest is right. */
export interface OpenedReport {
  readonly kind: 'report';
  readonly oid: string;
  readonly proven: boolean;
  readonly parameters: SecurityParameters;
}

export type Opened = OpenedResponse | OpenedReport;

const UNREADABLE: Objection = { reason: 'unreadable', failure: 'malformed', text: 'the answer is no well-formed SNMP message' };
const FORGED: Objection = {
  reason: 'unproven',
  failure: 'wrong-key',
  text: 'an answer came whose digest is wrong: another key, or not from the agent',
};
const GARBLED: Objection = {
  reason: 'unproven',
  failure: 'wrong-key',
  text: 'an answer came that cannot be decrypted: another privacy password or protocol',
};
const BARE: Objection = {
  reason: 'unproven',
  failure: 'unsupported-security',
  text: 'an answer came below the security level it was asked at; it was not believed',
};
const STALE: Objection = {
  reason: 'unproven',
  failure: 'not-in-time-window',
  text: "an answer came from outside the time window of the agent's engine",
};
const OTHER: Objection = { reason: 'unproven', failure: 'malformed', text: 'an answer came for another user, engine or request' };

/**
 * Opens a v3 message: its digest, its time and its encryption must hold as asked for before a response is believed. Reports may come
 * without proof, since an agent that does not know our key has none to give.
 */
export function openMessage(reader: BerReader, datagram: Buffer, envelope: Envelope, expected: Expectation): Opened | Objection {
  const parameters = readSecurity(reader, datagram, envelope);
  if (parameters === null) return UNREADABLE;
  const { security, engine, keys } = expected;
  const authenticated = (envelope.flags & FLAG.authenticated) !== 0;
  if (authenticated && !security.proves(keys, datagram, parameters.digestAt, parameters.digestStop)) return FORGED;
  const proven = authenticated && engine?.is(parameters.engineId) === true;
  let bytes: Uint8Array = datagram;
  let scope: { at: number; limit: number } | null;
  if (envelope.flags & FLAG.encrypted) {
    if (!authenticated) return BARE;
    const data = encryptedData(reader, datagram, envelope);
    const plain = data && security.decrypt(keys, parameters, data, parameters.salt);
    if (plain === null) return GARBLED;
    bytes = plain;
    scope = readScope(reader, plain, 0, plain.length);
    if (scope === null) return GARBLED;
  } else scope = readScope(reader, datagram, envelope.at, envelope.limit);
  const pdu = scope && readPdu(reader, bytes, scope.at, scope.limit);
  if (pdu === null) return UNREADABLE;
  if (pdu.tag === PDU.report) return openReport(bytes, pdu, proven, parameters);
  if (pdu.tag !== PDU.response || engine === null) return { ...OTHER, reason: 'no-answer' };
  if ((envelope.flags & security.level) !== security.level) return BARE;
  if (!engine.is(parameters.engineId) || Buffer.compare(parameters.user, expected.user) !== 0 || pdu.id !== expected.id) return OTHER;
  if (authenticated && !engine.accepts(parameters, expected.now)) return STALE;
  return { kind: 'response', bytes, pdu, truncated: envelope.truncated || pdu.truncated };
}

const reportVariables = new VariableReader(new BerReader());

function openReport(bytes: Uint8Array, pdu: Pdu, proven: boolean, parameters: SecurityParameters): OpenedReport | Objection {
  const counters = readVarbinds(reportVariables, bytes, pdu);
  const oid = counters?.[0]?.oid;
  return oid === undefined ? UNREADABLE : { kind: 'report', oid, proven, parameters };
}
