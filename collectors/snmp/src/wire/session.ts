import { failed } from './exchanges.ts';
import type { Pdu } from './message.ts';
import type { Failed, Failure } from './port.ts';
import type { PduRequest } from './requests.ts';

/** A PDU that answers a request, wherever it was unwrapped from. */
export interface Received {
  readonly ok: true;
  /** The datagram, or what was decrypted of it; the PDU's positions are within. */
  readonly bytes: Uint8Array;
  readonly pdu: Pdu;
  readonly truncated: boolean;
  /** Bytes of the datagram. */
  readonly size: number;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** One agent asked in one version with one credential: carries PDUs there and back. */
export interface Session {
  readonly version: '1' | '2c' | '3';
  /** Never rejects. What comes back is a response to this request, though it may hold an error-status. */
  ask(request: PduRequest, timeoutMs: number): Promise<Received | Failed>;
  end(): void;
}

/** RFC 3416, by number. */
const ERROR_STATUS = [
  'noError',
  'tooBig',
  'noSuchName',
  'badValue',
  'readOnly',
  'genErr',
  'noAccess',
  'wrongType',
  'wrongLength',
  'wrongEncoding',
  'wrongValue',
  'noCreation',
  'inconsistentValue',
  'resourceUnavailable',
  'commitFailed',
  'undoFailed',
  'authorizationError',
  'notWritable',
  'inconsistentName',
] as const;

const OF_STATUS: Readonly<Record<string, Failure>> = { tooBig: 'too-big', noSuchName: 'no-such-name', genErr: 'gen-err' };

/** What the error-status of an answer means; null when there is none. `variables` is how many were asked for. */
export function refusalOf({ pdu, sentAt, receivedAt }: Received, variables: number): Failed | null {
  if (pdu.errorStatus === 0) return null;
  const name = ERROR_STATUS[pdu.errorStatus] ?? `error-status ${pdu.errorStatus}`;
  const index = pdu.errorIndex !== null && pdu.errorIndex < variables ? pdu.errorIndex : null;
  const where = index === null ? '' : ` for variable ${index + 1} of ${variables}`;
  return failed(OF_STATUS[name] ?? 'refused', `the agent answered ${name}${where}`, sentAt, receivedAt, index);
}

/** An answer to this very request that cannot be read. */
export function malformed({ sentAt, receivedAt }: { readonly sentAt: number; readonly receivedAt: number }): Failed {
  return failed('malformed', 'the answer is no well-formed SNMP message', sentAt, receivedAt);
}
