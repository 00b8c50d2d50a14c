import type { ChannelBody, TemplateBody } from '@beacontower/contracts';
import type { DeliveryStep } from '@beacontower/database';
import type { SecretResolver, SendResult } from '@beacontower/mail';
import type { IncidentMessage, Wording } from '@beacontower/messages';

/** One message to one address, about one incident or several, and how it is to be sent. */
export interface Outgoing<C extends ChannelBody = ChannelBody> {
  readonly channel: C;
  readonly delivery: string;
  /** The delivery that told of the same incident before, to thread by; null for the first. */
  readonly follows: string | null;
  /** From 1. */
  readonly attempt: number;
  readonly step: DeliveryStep;
  readonly address: string | null;
  readonly language: 'zh' | 'en';
  readonly timeZone: string;
  /** What it tells of, the most severe first; one unless the channel carries several. */
  readonly messages: readonly [IncidentMessage, ...IncidentMessage[]];
  /** How many events it stands for: those in `messages` and those it only counts. */
  readonly total: number;
  /** The channel it was meant for, when it goes by this one instead, and why. */
  readonly diverted: { readonly channel: string; readonly why: string } | null;
  /** Words in place of the built-in ones. */
  readonly template: TemplateBody | null;
  /** Epoch ms. */
  readonly now: number;
}

/** One kind of channel. `send` resolves within the channel's `timeoutMs` and rejects only when the channel cannot be used as it is set up. */
export interface ChannelSender<C extends ChannelBody = ChannelBody> {
  send(outgoing: Outgoing<C>): Promise<SendResult>;
  /** What is done with an attempt whose fate is unknown: sent again, or left as uncertain. */
  inDoubt(channel: C): 'resend' | 'leave';
  close(): void;
}

export interface ChannelDependencies {
  readonly secrets: SecretResolver;
}

/** What is to be worded, of what is to be sent. */
export function wordingOf({ messages, total, language, timeZone, diverted, channel, template }: Outgoing): Wording {
  return { messages, total, language, timeZone, diverted, channel: channel.id, template };
}

/** Whether any of what is told still goes on: only then is anybody mentioned by name. */
export function isGoingOn({ messages }: Pick<Outgoing, 'messages'>): boolean {
  return messages.some(({ type }) => type !== 'incident.resolved' && type !== 'incident.merged');
}
