import type { ChannelBody } from '@beacontower/contracts';
import { sendMail } from '@beacontower/mail';
import { renderMail } from '@beacontower/messages';
import type { ChannelDependencies, ChannelSender } from './channel.ts';

type EmailChannel = Extract<ChannelBody, { kind: 'email' }>;

/** Sends mail by SMTP, encrypted unless the relay is on this machine. */
export function createEmailSender({ secrets }: ChannelDependencies): ChannelSender<EmailChannel> {
  return {
    inDoubt: (channel) => channel.inDoubt,
    close: () => undefined,
    send({ channel, address, delivery, follows, messages, language, timeZone, now }) {
      const [message] = messages;
      const headers = { 'X-Beacontower-Event': message.id, 'X-Beacontower-Delivery': delivery };
      const mail = { id: delivery, follows, headers, attachments: [], date: now, ...renderMail(message, language, timeZone) };
      return sendMail(channel, address, mail, secrets);
    },
  };
}
