import { createHash } from 'node:crypto';
import type { ChannelBody } from '@beacontower/contracts';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { type SendResult, shortened } from './result.ts';
import type { SecretResolver } from './secrets.ts';
import { type SmtpOutcome, sendBySmtp } from './smtp.ts';

export type EmailChannel = Extract<ChannelBody, { kind: 'email' }>;

/** One mail to one address. */
export interface Mail {
  /** A mail sent again has the same, so that it can be known as the same: its Message-ID is made from it. */
  readonly id: string;
  /** `id` of the mail that this one follows in a thread; null for the first. */
  readonly follows: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly Attachment[];
  /** Epoch ms. */
  readonly date: number;
}

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** `tooLarge`: the relay takes mail, but none of this size. */
export interface MailResult extends SendResult {
  readonly tooLarge: boolean;
}

/**
 * Sends a mail by SMTP, encrypted unless the relay is on this machine, within the channel's `timeoutMs`. Rejects only when the
 * channel cannot be used as it is set up (a secret is missing).
 */
export async function sendMail(channel: EmailChannel, address: string | null, mail: Mail, secrets: SecretResolver): Promise<MailResult> {
  const fault = faultOf(channel, address);
  if (fault !== null || address === null) return rejected(fault ?? 'the contact has no e-mail address');
  const options = await connectionOptions(channel, secrets);
  const credentials =
    channel.user === null ? null : { user: channel.user, pass: channel.password === null ? '' : await secrets(channel.password) };
  const { envelope, raw } = await compose(channel, address, mail);
  if (envelope === null) return rejected(`"${shortened(address)}" is not an e-mail address`);
  const digest = createHash('sha256').update(raw).digest('hex');
  return resultOf(await sendBySmtp(options, credentials, { ...envelope, raw }, channel.timeoutMs), digest);
}

function rejected(error: string): MailResult {
  return { outcome: 'rejected', status: null, response: null, error, retryAfterMs: null, digest: null, tooLarge: false };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

function faultOf(channel: EmailChannel, address: string | null): string | null {
  if (channel.tls === 'none' && !LOOPBACK.test(channel.host)) return 'mail in clear text is only sent to a relay on this machine';
  // One mailbox, no list and no header smuggled in behind a line break.
  if (address !== null && (/[\p{Cc}\s<>,;]/u.test(address) || !/^[^@]+@[^@]+$/.test(address)))
    return `"${shortened(address)}" is not an e-mail address`;
  return null;
}

async function connectionOptions(channel: EmailChannel, secrets: SecretResolver): Promise<SMTPConnectionOptions> {
  const ca = channel.ca === null ? {} : { ca: await secrets(channel.ca) };
  return {
    host: channel.host,
    port: channel.port,
    secure: channel.tls === 'implicit',
    requireTLS: channel.tls === 'starttls',
    ignoreTLS: channel.tls === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...ca },
  };
}

/** The mail's bytes. Its Message-ID is made from its id, so that a mail sent again can be known as the same. */
async function compose(
  channel: EmailChannel,
  address: string,
  { id, follows, subject, text, html, headers, attachments, date }: Mail,
): Promise<{ envelope: { from: string; to: string } | null; raw: Buffer }> {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(channel.from)?.[1] ?? 'beacontower.invalid';
  const idOf = (mail: string) => `<${mail}@${domain}>`;
  const thread = follows === null ? {} : { inReplyTo: idOf(follows), references: idOf(follows) };
  const mail = new MailComposer({
    from: channel.from,
    to: { name: '', address },
    subject,
    text,
    html,
    date: new Date(date),
    messageId: idOf(id),
    ...thread,
    headers: { 'Auto-Submitted': 'auto-generated', ...headers },
    attachments: attachments.map(({ name, mediaType, content }) => ({ filename: name, contentType: mediaType, content })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from, to } = mail.getEnvelope();
  const recipient = to[0];
  const raw = await mail.build();
  return { envelope: from && recipient !== undefined && to.length === 1 ? { from, to: recipient } : null, raw };
}

/** 4xx and what happened before the message was handed over is tried again, 5xx is for good; after it, without a reply, is doubt. */
function resultOf(outcome: SmtpOutcome, digest: string): MailResult {
  if (outcome.ok)
    return {
      outcome: 'delivered',
      status: 250,
      response: shortened(outcome.response),
      error: null,
      retryAfterMs: null,
      digest,
      tooLarge: false,
    };
  const { code, response, error, handedOver } = outcome;
  const forGood = code !== null && code >= 500 && code < 600 && code !== 530 && code !== 535 && code !== 538;
  return {
    outcome: handedOver ? 'in-doubt' : forGood ? 'rejected' : 'retry',
    status: code,
    response: response === null ? null : shortened(response),
    error: shortened(error),
    retryAfterMs: null,
    digest,
    tooLarge: !handedOver && isSize(code, `${response ?? ''} ${error}`),
  };
}

/** RFC 1870 (552, and what the client library says when the relay announced less), RFC 3463 (5.3.4, 5.2.3). */
function isSize(code: number | null, said: string): boolean {
  if (/Message size larger than allowed/i.test(said)) return true;
  return code !== null && code >= 500 && (code === 552 || code === 523 || /\b5\.(3\.4|2\.3)\b/.test(said));
}
