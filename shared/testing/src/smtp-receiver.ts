import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type WaitOptions, waitFor } from './wait.ts';

/**
 * What becomes of a mail: taken; refused at a stage with an SMTP code (4xx to be tried again, 5xx for good); or taken in whole,
 * whereupon the connection breaks before the answer (`drop-after-dot`: its fate is unknown to the sender).
 */
export type SmtpAnswer =
  | 'accept'
  | 'drop-after-dot'
  | { readonly stage: 'mail' | 'rcpt' | 'data'; readonly code: number; readonly message: string };

/** One mail whose final dot has come. */
export interface ReceivedMail {
  /** Epoch ms when the final dot had come. */
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  /** True when it came over TLS. */
  readonly secure: boolean;
  readonly user: string | null;
  readonly raw: string;
  /** Headers decoded; `text` and `html` are the alternative parts. */
  readonly mail: Email;
  readonly answer: SmtpAnswer;
}

export interface SmtpReceiverOptions {
  readonly host?: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** `starttls` (the default) refuses mail in clear text; `implicit` speaks TLS from the first byte; `none` never. */
  readonly tls?: 'starttls' | 'implicit' | 'none';
  /** When given, a sender must sign in. */
  readonly account?: { readonly user: string; readonly password: string };
}

/** A real SMTP server that keeps what it is sent and answers as told. */
export interface SmtpReceiver {
  readonly host: string;
  readonly port: number;
  /** File with the certificate (PEM) that a sender must trust; made anew for each receiver. */
  readonly caFile: string;
  readonly received: readonly ReceivedMail[];
  script(...answers: SmtpAnswer[]): void;
  otherwise(answer: SmtpAnswer): void;
  waitFor(matches: (mail: ReceivedMail) => boolean, options?: WaitOptions): Promise<ReceivedMail>;
  clear(): void;
  stop(): Promise<void>;
}

interface Certificate {
  readonly directory: string;
  readonly key: string;
  readonly cert: string;
  readonly caFile: string;
}

async function makeCertificate(host: string): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'beacontower-smtp-'));
  const keyFile = join(directory, 'key.pem');
  const caFile = join(directory, 'cert.pem');
  const names = new Set(['DNS:localhost', 'IP:127.0.0.1', /^[\d.]+$|:/.test(host) ? `IP:${host}` : `DNS:${host}`]);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${[...names].join()}`];
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, '-days', '2', '-keyout', keyFile, '-out', caFile, ...subject]);
  return { directory, caFile, key: await readFile(keyFile, 'utf8'), cert: await readFile(caFile, 'utf8') };
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

type Callback = (error?: Error | null) => void;

class RealSmtpReceiver implements SmtpReceiver {
  readonly host: string;
  readonly received: ReceivedMail[] = [];
  readonly #options: SmtpReceiverOptions;
  readonly #certificate: Certificate;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();
  readonly #script: SmtpAnswer[] = [];
  readonly #current = new WeakMap<SMTPServerSession, SmtpAnswer>();
  #otherwise: SmtpAnswer = 'accept';
  #port = 0;

  constructor(options: SmtpReceiverOptions, certificate: Certificate) {
    this.#options = options;
    this.host = options.host ?? '127.0.0.1';
    this.#certificate = certificate;
    const tls = options.tls ?? 'starttls';
    this.#server = new SMTPServer({
      key: certificate.key,
      cert: certificate.cert,
      secure: tls === 'implicit',
      disableReverseLookup: true,
      disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(options.account === undefined ? ['AUTH'] : [])],
      allowInsecureAuth: tls === 'none',
      authOptional: options.account === undefined,
      closeTimeout: 100,
      onAuth: ({ username, password }, _session, callback) => {
        const { account } = options;
        const right = account !== undefined && username === account.user && password === account.password;
        callback(right ? null : refusal(535, 'wrong user or password'), right ? { user: username } : undefined);
      },
      onMailFrom: (_address, session, callback) => this.#mailFrom(session, callback),
      onRcptTo: (_address, session, callback) => callback(this.#refused(session, 'rcpt')),
      onData: (stream, session, callback) => {
        this.#data(stream, session, callback).catch((error: Error) => callback(error));
      },
    });
  }

  get port(): number {
    return this.#port;
  }

  get caFile(): string {
    return this.#certificate.caFile;
  }

  async start(): Promise<void> {
    this.#server.on('error', () => undefined); // connections that a test breaks on purpose
    this.#server.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      this.#server.server.once('error', reject);
      this.#server.listen(this.#options.port ?? 0, this.host, resolve);
    });
    const address = this.#server.server.address();
    if (address === null || typeof address === 'string') throw new Error('the SMTP receiver has no port');
    this.#port = address.port;
  }

  script(...answers: SmtpAnswer[]): void {
    this.#script.push(...answers);
  }

  otherwise(answer: SmtpAnswer): void {
    this.#otherwise = answer;
  }

  waitFor(matches: (mail: ReceivedMail) => boolean, options: WaitOptions = {}): Promise<ReceivedMail> {
    return waitFor(() => this.received.find(matches), { what: 'a mail that matches', ...options });
  }

  clear(): void {
    this.received.length = 0;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await rm(this.#certificate.directory, { recursive: true, force: true });
  }

  /** One answer is taken from the script for each mail, at its first command. */
  #mailFrom(session: SMTPServerSession, callback: Callback): void {
    if ((this.#options.tls ?? 'starttls') === 'starttls' && !session.secure) {
      callback(refusal(530, 'must issue a STARTTLS command first'));
      return;
    }
    this.#current.set(session, this.#script.shift() ?? this.#otherwise);
    callback(this.#refused(session, 'mail'));
  }

  #refused(session: SMTPServerSession, stage: 'mail' | 'rcpt' | 'data'): Error | null {
    const answer = this.#current.get(session);
    if (typeof answer !== 'object' || answer.stage !== stage) return null;
    return refusal(answer.code, answer.message);
  }

  async #data(stream: SMTPServerDataStream, session: SMTPServerSession, callback: Callback): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const at = Date.now();
    const answer = this.#current.get(session) ?? 'accept';
    const raw = Buffer.concat(chunks);
    const refused = this.#refused(session, 'data');
    if (refused !== null) {
      callback(refused);
      return;
    }
    this.received.push({
      at,
      from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
      to: session.envelope.rcptTo.map(({ address }) => address),
      secure: session.secure,
      user: session.user || null,
      raw: raw.toString('utf8'),
      mail: await PostalMime.parse(raw),
      answer,
    });
    if (answer === 'drop-after-dot') this.#drop(session);
    else callback();
  }

  #drop(session: SMTPServerSession): void {
    for (const socket of this.#sockets) if (socket.remotePort === session.remotePort) socket.destroy();
  }
}

/** Starts a receiver with a certificate of its own (made with `openssl`); it listens when this resolves. */
export async function startSmtpReceiver(options: SmtpReceiverOptions = {}): Promise<SmtpReceiver> {
  const certificate = await makeCertificate(options.host ?? '127.0.0.1');
  const receiver = new RealSmtpReceiver(options, certificate);
  try {
    await receiver.start();
  } catch (error) {
    await rm(certificate.directory, { recursive: true, force: true });
    throw error;
  }
  return receiver;
}
