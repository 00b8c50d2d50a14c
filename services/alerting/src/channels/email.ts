import type { ChannelBody } from '@beacontower/contracts';
import { sendMail } from '@beacontower/mail';
import { composeMail } from '@beacontower/messages';
import { type ChannelDependencies, type ChannelSender, wordingOf } from './channel.ts';

type EmailChannel = Extract<ChannelBody, { kind: 'email' }>;

/** Sends mail by SMTP, encrypted unless the relay is on this machine. */
export function createEmailSender({ secrets }: ChannelDependencies): ChannelSender<EmailChannel> {
  return {
    inDoubt: (channel) => channel.inDoubt,
    close: () => undefined,
    send(outgoing) {
      const { channel, address, delivery, follows, messages, now } = outgoing;
      const headers = { 'X-Beacontower-Event': messages.map(({ id }) => id).join(' '), 'X-Beacontower-Delivery': delivery };
      const mail = { id: delivery, follows, headers, attachments: [], date: now, ...composeMail(wordingOf(outgoing)) };
      return sendMail(channel, address, mail, secrets);
    },
  };
}
