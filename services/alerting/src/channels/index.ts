import type { ChannelBody } from '@beacontower/contracts';
import { type SendResult, shortened } from '@beacontower/mail';
import { templateFault } from '@beacontower/messages';
import { createAlertmanagerSender } from './alertmanager.ts';
import { type ChannelDependencies, type ChannelSender, type Outgoing, wordingOf } from './channel.ts';
import { createDingtalkSender } from './dingtalk.ts';
import { createEmailSender } from './email.ts';
import { createFeishuSender } from './feishu.ts';
import { createGatewaySender } from './gateway.ts';
import { createWebhookSender } from './webhook.ts';
import { createWecomSender } from './wecom.ts';

type Kind = ChannelBody['kind'];
type SenderOf<K extends Kind> = ChannelSender<Extract<ChannelBody, { kind: K }>>;

/** Every kind of channel: one file and one line each. */
const CHANNEL_KINDS: { readonly [K in Kind]: (deps: ChannelDependencies) => SenderOf<K> } = {
  webhook: createWebhookSender,
  email: createEmailSender,
  wecom: createWecomSender,
  dingtalk: createDingtalkSender,
  feishu: createFeishuSender,
  gateway: createGatewaySender,
  alertmanager: createAlertmanagerSender,
};

/** Sends by whatever kind a channel is. */
export interface Channels {
  send(outgoing: Outgoing): Promise<SendResult>;
  inDoubt(channel: ChannelBody): 'resend' | 'leave';
  close(): void;
}

export function createChannels(deps: ChannelDependencies): Channels {
  const senders = Object.fromEntries(Object.entries(CHANNEL_KINDS).map(([kind, create]) => [kind, create(deps)])) as {
    readonly [K in Kind]: SenderOf<K>;
  };
  // The channel's kind picks the sender made for that kind, which the type checker cannot follow.
  const senderOf = (channel: ChannelBody) => senders[channel.kind] as ChannelSender;
  return {
    send: async (outgoing) => withTemplateFault(await senderOf(outgoing.channel).send(outgoing), outgoing),
    inDoubt: (channel) => senderOf(channel).inDoubt(channel),
    close: () => {
      for (const sender of Object.values(senders)) sender.close();
    },
  };
}

const ROBOTS: readonly Kind[] = ['wecom', 'dingtalk', 'feishu'];

/** A message whose template failed has gone in the built-in words: the attempt's record says so. */
function withTemplateFault(result: SendResult, outgoing: Outgoing): SendResult {
  if (outgoing.template === null || result.error !== null) return result;
  const fault = templateFault(wordingOf(outgoing), ROBOTS.includes(outgoing.channel.kind) ? 'markdown' : 'text');
  return fault === null ? result : { ...result, error: shortened(fault) };
}
