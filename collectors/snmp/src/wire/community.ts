import { BerReader } from './ber-reader.ts';
import { BerWriter } from './ber-writer.ts';
import { type Arrival, askAloneNext, type Exchanges, type Objection, type Peer } from './exchanges.ts';
import { readPdu } from './message.ts';
import type { Failed } from './port.ts';
import { communityMessage, PDU, type PduRequest } from './requests.ts';
import { malformed, type Received, type Session } from './session.ts';

// Requests and answers are written and read whole within one turn, so all sessions share these.
const writer = new BerWriter();
const reader = new BerReader();

/** Versions 1 and 2c: the community is all there is to prove. */
export class CommunitySession implements Session {
  readonly version: '1' | '2c';
  readonly #exchanges: Exchanges;
  readonly #peer: Peer & { readonly community: Uint8Array };
  #alone = false;

  constructor(version: '1' | '2c', exchanges: Exchanges, peer: Peer & { readonly community: Uint8Array }) {
    this.version = version;
    this.#exchanges = exchanges;
    this.#peer = peer;
  }

  async ask(request: PduRequest, timeoutMs: number): Promise<Received | Failed> {
    const id = this.#exchanges.newId();
    const message = communityMessage(writer, this.#peer.version, this.#peer.community, id, request);
    const outcome = await this.#exchanges.exchange(this.#peer, id, message, { timeoutMs, judge: onlyResponses, alone: this.#alone });
    this.#alone = askAloneNext(outcome, this.#alone);
    return outcome.ok ? unwrap(outcome) : outcome;
  }

  end(): void {
    this.#alone = false;
  }
}

/** A request that comes back as it went (a reflector) has our id, and is no answer. */
function onlyResponses(datagram: Buffer, envelope: { readonly at: number }): Objection | null {
  if (datagram[envelope.at] === PDU.response) return null;
  return { reason: 'no-answer', failure: 'malformed', text: 'what came back is no response' };
}

function unwrap({ datagram, envelope, sentAt, receivedAt }: Arrival): Received | Failed {
  const pdu = readPdu(reader, datagram, envelope.at, envelope.limit);
  if (pdu === null) return malformed({ sentAt, receivedAt });
  return { ok: true, bytes: datagram, pdu, truncated: envelope.truncated || pdu.truncated, size: datagram.length, sentAt, receivedAt };
}
