import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

/** A mail ready to be sent: its envelope and its bytes. */
export interface SmtpMail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/**
 * What the server did. `handedOver`: all of the message had been given to the connection when it failed without a reply to its
 * final dot, so the server may have taken it.
 */
export type SmtpOutcome =
  | { readonly ok: true; readonly response: string }
  | {
      readonly ok: false;
      readonly code: number | null;
      readonly response: string | null;
      readonly error: string;
      readonly handedOver: boolean;
    };

/** One connection, one mail, within `timeoutMs` in all. Never rejects. */
export async function sendBySmtp(
  options: SMTPConnectionOptions,
  credentials: { readonly user: string; readonly pass: string } | null,
  mail: SmtpMail,
  timeoutMs: number,
): Promise<SmtpOutcome> {
  const connection = new SMTPConnection({ ...options, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs });
  let handedOver = false;
  const source = Readable.from([mail.raw]);
  source.on('error', () => undefined);
  // The source is read only after the server's 354; once its end was read, the final dot is on its way.
  source.on('end', () => {
    handedOver = true;
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const failed = new Promise<never>((_resolve, reject) => {
      connection.on('error', reject);
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    failed.catch(() => undefined);
    await Promise.race([failed, step((done) => connection.connect(done))]);
    if (credentials) await Promise.race([failed, step((done) => connection.login(credentials, done))]);
    const response = await Promise.race([failed, send(connection, mail, source)]);
    connection.quit();
    return { ok: true, response };
  } catch (error) {
    const { responseCode = null, response = null, message } = error as { responseCode?: number; response?: string; message: string };
    // A reply to the dot settles its fate; what is no refusal (3xx, 999) is no reply to it.
    const isRefused = responseCode !== null && responseCode >= 400 && responseCode < 600;
    return { ok: false, code: responseCode, response, error: message, handedOver: handedOver && !isRefused };
  } finally {
    clearTimeout(timer);
    source.destroy();
    connection.on('error', () => undefined);
    setTimeout(() => connection.close(), 1_000).unref();
  }
}

function step(run: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => (error ? reject(error) : resolve()));
  });
}

function send(connection: SMTPConnection, mail: SmtpMail, source: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.send({ from: mail.from, to: [mail.to], size: mail.raw.length }, source, (error, info) => {
      if (error) reject(error);
      else resolve(String(info?.response ?? ''));
    });
  });
}
