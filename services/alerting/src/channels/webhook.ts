import type { ChannelBody } from '@beacontower/contracts';
import { keysOf, resultOf } from './answer.ts';
import type { ChannelDependencies, ChannelSender, Outgoing } from './channel.ts';
import { exchange } from './http.ts';
import { signatureOf } from './signature.ts';

type WebhookChannel = Extract<ChannelBody, { kind: 'webhook' }>;

/** Posts the event as signed JSON (docs/webhooks.md). */
export function createWebhookSender({ secrets }: ChannelDependencies): ChannelSender<WebhookChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const { channel, messages, now } = outgoing;
      const body = JSON.stringify(messages[0]);
      const secret = await secrets(channel.secret);
      const answer = await exchange({
        url: new URL(channel.url),
        method: 'POST',
        headers: headersOf(outgoing, signatureOf(body, secret, now)),
        body,
        timeoutMs: channel.timeoutMs,
        allowLocal: channel.allowLocal,
        ca: channel.ca === null ? null : await secrets(channel.ca),
      });
      return resultOf(answer, { now, sent: body, hidden: [secret, ...keysOf(channel.url)] });
    },
  };
}

function headersOf(outgoing: Outgoing<WebhookChannel>, signature: string): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': 'Beacontower/1',
    'X-Beacontower-Signature': signature,
    'X-Beacontower-Delivery': outgoing.delivery,
    'X-Beacontower-Attempt': String(outgoing.attempt),
  };
}
