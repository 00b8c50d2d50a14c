import type { ChannelBody } from '@beacontower/contracts';
import { sendMail } from '@beacontower/mail';
import { composeMail } from '@beacontower/messages';
import { type ChannelDependencies, type ChannelSender, wordingOf } from './channel.ts';

type EmailChannel = Extract<ChannelBody, { kind: 'email' }>;

/** Events that a header names: relays refuse headers that are too long. */
const MOST_EVENTS = 20;

/** Sends mail by SMTP, encrypted unless the relay is on this machine. */
export function createEmailSender({ secrets }: ChannelDependencies): ChannelSender<EmailChannel> {
  return {
    inDoubt: (channel) => channel.inDoubt,
    close: () => undefined,
    send(outgoing) {
      const { channel, address, delivery, follows, messages, now } = outgoing;
      const events = messages.slice(0, MOST_EVENTS).map(({ id }) => id);
      const headers = { 'X-Beacontower-Event': events.join(' '), 'X-Beacontower-Delivery': delivery };
      const mail = { id: delivery, follows, headers, attachments: [], date: now, ...composeMail(wordingOf(outgoing)) };
      return sendMail(channel, address, mail, secrets);
    },
  };
}
