import type { SnmpSecret } from '@beacontower/contracts';
import { BerReader } from './ber-reader.ts';
import { BerWriter } from './ber-writer.ts';
import { Engine } from './engine.ts';
import { askAloneNext, type Exchanges, failed, type Objection, type Peer } from './exchanges.ts';
import type { Envelope } from './message.ts';
import type { TransportMetrics } from './metrics.ts';
import type { Failed } from './port.ts';
import { meaningOf, REPORT } from './reports.ts';
import type { PduRequest } from './requests.ts';
import { FLAG, NO_BYTES, scopedPdu, secureMessage } from './secure-message.ts';
import type { Received, Session } from './session.ts';
import { type Opened, type OpenedReport, openMessage } from './user-answer.ts';
import { type PasswordDigests, type UserKeys, UserSecurity } from './user-security.ts';

type UserSecret = Extract<SnmpSecret, { version: '3' }>;

interface UserSessionDependencies {
  readonly metrics: TransportMetrics;
  readonly monotonic: () => number;
  readonly passwords: PasswordDigests;
}

const writer = new BerWriter();
const reader = new BerReader();
const NO_KEYS: UserKeys = { auth: null, privacy: null };
const DISCOVERY: PduRequest = { pdu: 'get', nonRepeaters: 0, maxRepetitions: 0, wanted: [] };
/** Discovery, an engine that is another, a clock that is another: no request needs more than these. */
const MOST_EXCHANGES = 5;
/** Requests left unanswered in a row before the credential is called wrong: one that never worked, and one that did. */
const IN_VAIN = { never: 3, before: 6 } as const;

type Outcome = { readonly ok: true; readonly opened: Opened; readonly sentAt: number; readonly receivedAt: number; readonly size: number };

/**
 * Version 3 with a user. The agent's engine is found out before the first request and anew when it reports that it is another (a
 * replaced device) or that its clock is (a restart); the request is then repeated at once, within the same time-out.
 */
export class UserSession implements Session {
  readonly version = '3';
  readonly #secret: UserSecret;
  readonly #security: UserSecurity;
  readonly #user: Uint8Array;
  readonly #context: Uint8Array;
  readonly #exchanges: Exchanges;
  readonly #peer: Peer;
  readonly #dependencies: UserSessionDependencies;
  #engine: Engine | null = null;
  /** The agent was silent: it may be another by now, so it is first asked who it is. */
  #silent = false;
  #alone = false;
  /** Whether an answer ever came, and requests since that the agent, though there, did not answer. */
  #worked = false;
  #inVain = 0;

  constructor(secret: UserSecret, exchanges: Exchanges, peer: Peer, dependencies: UserSessionDependencies) {
    this.#secret = secret;
    this.#security = new UserSecurity(secret, dependencies.passwords);
    this.#user = Buffer.from(secret.user, 'utf8');
    this.#context = Buffer.from(secret.context, 'utf8');
    this.#exchanges = exchanges;
    this.#peer = peer;
    this.#dependencies = dependencies;
  }

  async ask(request: PduRequest, timeoutMs: number): Promise<Received | Failed> {
    const { monotonic } = this.#dependencies;
    const began = monotonic();
    try {
      return await this.#ask(request, timeoutMs, began);
    } catch (error) {
      // An OpenSSL that was told to refuse old hashes and ciphers (FIPS) throws when they are named.
      const text = `this machine refuses the credential's cryptography: ${error instanceof Error ? error.message : String(error)}`;
      return failed('unsupported-security', text, began, monotonic());
    }
  }

  async #ask(request: PduRequest, timeoutMs: number, began: number): Promise<Received | Failed> {
    const { monotonic } = this.#dependencies;
    if (this.#secret.privacy !== null && this.#secret.auth === null) {
      return failed('unsupported-security', 'privacy needs authentication: the credential has none', began, began);
    }
    let refusal: Failed | null = null;
    let discover = this.#silent || this.#engine === null;
    const seen = new Set<string>();
    for (let exchange = 0; exchange < MOST_EXCHANGES; exchange++) {
      const left = Math.max(1, began + timeoutMs - monotonic());
      const outcome = await (discover || this.#engine === null ? this.#discover(left) : this.#exchange(request, this.#engine, left));
      if (!outcome.ok) {
        if (outcome.failure !== 'stopped') this.#silent = true;
        return outcome.failure === 'timeout' && !discover ? this.#unanswered(outcome, exchange > 0) : outcome;
      }
      this.#silent = false;
      const { opened, sentAt, receivedAt, size } = outcome;
      if (opened.kind === 'response') {
        this.#inVain = 0;
        this.#worked = true;
        return { ok: true, ...opened, size, sentAt, receivedAt };
      }
      refusal = failed(meaningOf(opened.oid).failure, meaningOf(opened.oid).text, sentAt, receivedAt);
      // The same report twice: what we learned from the first did not help.
      if (!this.#learn(opened, discover, receivedAt) || (!discover && seen.has(opened.oid))) return refusal;
      if (!discover) seen.add(opened.oid);
      discover = false;
    }
    return refusal ?? failed('refused', 'the agent reports and reports', began, monotonic());
  }

  end(): void {
    this.#engine = null;
    this.#silent = false;
    this.#worked = false;
    this.#inVain = 0;
  }

  /**
   * Many agents drop in silence what they cannot decrypt, or what is for a context they do not have. One that says who it is and then
   * leaves requests unanswered, time and again, is most likely of that kind. Once may be a lost packet, or a request that was too large.
   */
  #unanswered(silence: Failed, answeredJustNow: boolean): Failed {
    const { privacy, context } = this.#secret;
    if (!answeredJustNow || (privacy === null && context === '')) return silence;
    this.#inVain++;
    if (this.#inVain < (this.#worked ? IN_VAIN.before : IN_VAIN.never)) return silence;
    const suspects = [privacy && 'another privacy password or protocol', context !== '' && 'no such context'].filter(Boolean).join(', or ');
    const text = `the agent says who it is and leaves requests unanswered; most likely: ${suspects}`;
    return { ...silence, failure: privacy === null ? 'unsupported-security' : 'wrong-key', text };
  }

  /** Takes from a report what may make the next try succeed; false when it holds nothing of that kind. */
  #learn({ oid, proven, parameters }: OpenedReport, discovering: boolean, now: number): boolean {
    if (discovering || oid === REPORT.unknownEngine) {
      if (parameters.engineId.length === 0) return false;
      const known = this.#engine;
      const keys = known?.is(parameters.engineId) ? known.keys : this.#security.keysFor(parameters.engineId);
      this.#engine = new Engine(parameters.engineId, keys, parameters, now);
      this.#dependencies.metrics.discoveries.inc();
      return true;
    }
    if (oid !== REPORT.notInTimeWindow || !proven || this.#engine === null) return false;
    this.#engine.adopt(parameters, now);
    return true;
  }

  #discover(timeoutMs: number): Promise<Outcome | Failed> {
    const id = this.#exchanges.newId();
    const data = scopedPdu(writer, NO_BYTES, NO_BYTES, id, DISCOVERY);
    const nobody = { engineId: NO_BYTES, boots: 0, time: 0, user: NO_BYTES, digestLength: 0, salt: NO_BYTES };
    const { message } = secureMessage(writer, { ...nobody, id, flags: FLAG.reportable, data });
    return this.#send(id, message, null, timeoutMs);
  }

  #exchange(request: PduRequest, engine: Engine, timeoutMs: number): Promise<Outcome | Failed> {
    const security = this.#security;
    const id = this.#exchanges.newId();
    const clock = security.level === 0 ? { boots: 0, time: 0 } : engine.clockAt(this.#dependencies.monotonic());
    const plain = scopedPdu(writer, engine.id, this.#context, id, request);
    const { data, salt } = security.level & FLAG.encrypted ? security.encrypt(engine.keys, clock, plain) : { data: plain, salt: NO_BYTES };
    const flags = security.level | FLAG.reportable;
    const parts = { id, flags, engineId: engine.id, ...clock, user: this.#user, digestLength: security.digestLength, salt, data };
    const { message, digestAt } = secureMessage(writer, parts);
    if (security.digestLength > 0) security.digest(engine.keys, message).copy(message, digestAt);
    return this.#send(id, message, engine, timeoutMs);
  }

  async #send(id: number, message: Buffer, engine: Engine | null, timeoutMs: number): Promise<Outcome | Failed> {
    let opened: Opened | null = null;
    const judge = (datagram: Buffer, envelope: Envelope): Objection | null => {
      const found = openMessage(reader, datagram, envelope, {
        security: this.#security,
        user: this.#user,
        engine,
        keys: engine?.keys ?? NO_KEYS,
        id,
        now: this.#dependencies.monotonic(),
      });
      if ('reason' in found) return found;
      opened = found;
      return null;
    };
    const arrival = await this.#exchanges.exchange(this.#peer, id, message, { timeoutMs, judge, alone: this.#alone });
    this.#alone = askAloneNext(arrival, this.#alone);
    if (!arrival.ok) return arrival;
    const { sentAt, receivedAt, datagram } = arrival;
    return { ok: true, opened: opened as unknown as Opened, sentAt, receivedAt, size: datagram.length };
  }
}
