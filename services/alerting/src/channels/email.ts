import type { ChannelBody } from '@beacontower/contracts';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { SecretResolver } from '../ports.ts';
import { renderMail } from '../templates/mail.ts';
import { type ChannelDependencies, type ChannelSender, type Outgoing, type SendResult, shortened } from './channel.ts';
import { type SmtpOutcome, sendBySmtp } from './smtp.ts';

type EmailChannel = Extract<ChannelBody, { kind: 'email' }>;

/** Sends mail by SMTP, encrypted unless the relay is on this machine. */
export function createEmailSender({ secrets }: ChannelDependencies): ChannelSender<EmailChannel> {
  return {
    inDoubt: (channel) => channel.inDoubt,
    close: () => undefined,
    async send(outgoing) {
      const { channel, address } = outgoing;
      const fault = faultOf(channel, address);
      if (fault !== null || address === null) return rejected(fault ?? 'the contact has no e-mail address');
      const options = await connectionOptions(channel, secrets);
      const credentials =
        channel.user === null ? null : { user: channel.user, pass: channel.password === null ? '' : await secrets(channel.password) };
      const { envelope, raw } = await compose(outgoing, address);
      if (envelope === null) return rejected(`"${shortened(address)}" is not an e-mail address`);
      return resultOf(await sendBySmtp(options, credentials, { ...envelope, raw }, channel.timeoutMs));
    },
  };
}

function rejected(error: string): SendResult {
  return { outcome: 'rejected', status: null, response: null, error, retryAfterMs: null };
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

/** The mail's bytes. Its Message-ID is made from the delivery, so that a mail sent again can be known as the same. */
async function compose(
  outgoing: Outgoing<EmailChannel>,
  address: string,
): Promise<{ envelope: { from: string; to: string } | null; raw: Buffer }> {
  const { channel, message, language, timeZone } = outgoing;
  const { subject, text, html } = renderMail(message, language, timeZone);
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(channel.from)?.[1] ?? 'beacontower.invalid';
  const idOf = (delivery: string) => `<${delivery}@${domain}>`;
  const thread = outgoing.follows === null ? {} : { inReplyTo: idOf(outgoing.follows), references: idOf(outgoing.follows) };
  const mail = new MailComposer({
    from: channel.from,
    to: { name: '', address },
    subject,
    text,
    html,
    date: new Date(outgoing.now),
    messageId: idOf(outgoing.delivery),
    ...thread,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Beacontower-Event': message.id, 'X-Beacontower-Delivery': outgoing.delivery },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from, to } = mail.getEnvelope();
  const recipient = to[0];
  const raw = await mail.build();
  return { envelope: from && recipient !== undefined && to.length === 1 ? { from, to: recipient } : null, raw };
}

/** 4xx and what happened before the message was handed over is tried again, 5xx is for good; after it, without a reply, is doubt. */
function resultOf(outcome: SmtpOutcome): SendResult {
  if (outcome.ok) return { outcome: 'delivered', status: 250, response: shortened(outcome.response), error: null, retryAfterMs: null };
  const { code, response, error, handedOver } = outcome;
  const forGood = code !== null && code >= 500 && code !== 530 && code !== 535 && code !== 538;
  return {
    outcome: handedOver ? 'in-doubt' : forGood ? 'rejected' : 'retry',
    status: code,
    response: response === null ? null : shortened(response),
    error: shortened(error),
    retryAfterMs: null,
  };
}
