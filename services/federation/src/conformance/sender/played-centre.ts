/** A centre that is played, for a sender under test: it does all that the protocol asks for, and what a case wants beside. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { FEDERATION_PATH, type Hello, LOG_LIMITS } from '@beacontower/contracts';
import { encodeInvitation } from '@beacontower/database';
import type { ListenAddress } from '@beacontower/runtime';
import { type Authority, fingerprintOf, issueToServer, makeAuthority, makeKeys } from '../../certificates/x509.ts';
import { Refusal } from '../../protocol/refusal.ts';
import { answerTo } from './answers.ts';
import { SenderRecord } from './record.ts';

const DAY_MS = 86_400_000;

/** A request as it came, and what it led to. */
export interface Heard {
  readonly at: number;
  readonly call: string;
  readonly body: string;
  status: number | null;
}

/** What a case does with a request in place of the centre: `null` leaves it to the centre. */
export type Intercept = (heard: Heard, centre: PlayedCentre) => Refusal | 'cut' | 'lose-answer' | null;

/** What the answers of the centre say. */
export interface CentreManners {
  lines: number;
  waitMs: number;
  delayMs: number;
  snapshotEveryMs: number;
  digestsWanted: boolean;
  /** Of this incarnation it says that another history is applied than the sender has. */
  differing: string | null;
  /** Handed down until there is a receipt for it. */
  items: readonly unknown[];
}

const GOOD_MANNERS: CentreManners = {
  lines: LOG_LIMITS.lines,
  waitMs: 0,
  delayMs: 0,
  snapshotEveryMs: 1_000,
  digestsWanted: false,
  differing: null,
  items: [],
};

export interface PlayedCentreOptions {
  readonly listen: ListenAddress;
  /** Host names and addresses by which the sender reaches it. */
  readonly names: readonly string[];
  readonly node: string;
  readonly division: string;
  readonly now: () => number;
  /** Told the code of a request that came in; it is approved at once. */
  readonly onRequest?: (code: string) => void;
}

export class PlayedCentre {
  readonly record: SenderRecord;
  readonly heard: Heard[] = [];
  readonly hellos: Hello[] = [];
  readonly manners: CentreManners = { ...GOOD_MANNERS };
  readonly options: PlayedCentreOptions;
  readonly secret: string = randomBytes(32).toString('base64url');
  readonly id: string = randomUUID();
  intercept: Intercept = () => null;
  authority: Authority = { certificate: '', privateKey: '' };
  issued: { certificate: string; serial: string; notAfter: number } | null = null;
  /** SHA-256 of the key that was let in. */
  key: string | null = null;
  url = '';
  #server: Server | undefined;
  readonly #sockets = new Set<TLSSocket>();
  #openLogs = 0;
  #own = { cert: '', key: '' };

  constructor(options: PlayedCentreOptions) {
    this.options = options;
    this.record = new SenderRecord(options.node, options.division);
  }

  async start(): Promise<void> {
    const { certificate, key, authority } = await this.#makeCertificate();
    this.authority = authority;
    this.#own = { cert: certificate, key };
    const tls = { requestCert: true, rejectUnauthorized: false, ca: authority.certificate, ...this.#own };
    this.#server = createServer(tls, (request, response) => void this.#serve(request, response));
    this.#server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('tlsClientError', () => undefined);
    const { host, port } = this.options.listen;
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const [name = host] = this.options.names;
    this.url = `https://${name.includes(':') ? `[${name}]` : name}:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** What the sender under test joins with. */
  invitation(): string {
    return encodeInvitation({ url: this.url, authority: fingerprintOf(this.authority.certificate), secret: this.secret });
  }

  /** Plays nothing from now on. */
  behave(): void {
    this.intercept = () => null;
    Object.assign(this.manners, GOOD_MANNERS);
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Shows a certificate of another authority from now on, or its own again. */
  async pretend(isOther: boolean): Promise<void> {
    const other = isOther ? await this.#makeCertificate() : null;
    const shown = other === null ? this.#own : { cert: other.certificate, key: other.key };
    this.#server?.setSecureContext({ ...shown, ca: this.authority.certificate });
    this.cutAll();
  }

  async #makeCertificate() {
    const now = this.options.now();
    const life = { notBefore: now, notAfter: now + 30 * DAY_MS };
    const [top, own] = [await makeKeys(), await makeKeys()];
    const authority = { certificate: await makeAuthority('conformance', top, life), privateKey: top.privateKey };
    const { certificate } = await issueToServer(authority, own, 'conformance', this.options.names, life);
    // The authority behind it: whoever joins finds it there.
    return { authority, certificate: `${certificate}\n${authority.certificate}`, key: own.privateKey };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(FEDERATION_PATH, '');
    const call = `${request.method} ${path.replace(/[?].*/, '')}`;
    const isLog = call === 'POST /log';
    if (isLog) this.#openLogs += 1;
    if (this.#openLogs > 1) this.record.fault('one-at-a-time', 'two batches were under way at once');
    try {
      const heard: Heard = { at: this.options.now(), call, body: await bodyOf(request), status: null };
      this.heard.push(heard);
      await this.#answer(heard, request, response);
    } catch {
      response.destroy();
    } finally {
      if (isLog) this.#openLogs -= 1;
    }
  }

  async #answer(heard: Heard, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const instead = this.intercept(heard, this);
    if (instead === 'cut') return void response.destroy();
    const { status, body } = await (instead instanceof Refusal ? Promise.reject(instead) : answerTo(this, heard, request)).catch(
      (error: unknown) => {
        const refusal = error instanceof Refusal ? error : new Refusal('unavailable', String(error));
        if (refusal.retry) response.setHeader('retry-after', String(RETRY_AFTER_S));
        return { status: refusal.status, body: refusal.problem() as unknown };
      },
    );
    heard.status = status;
    if (instead === 'lose-answer') return void response.destroy();
    if (heard.call === 'POST /log' && this.manners.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.manners.delayMs));
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, status === 204 ? {} : { 'content-type': type }).end(status === 204 ? undefined : JSON.stringify(body));
  }
}

/** What `busy` and `unavailable` say. */
export const RETRY_AFTER_S = 2;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}
