import type { ChannelBody, DiversionReason } from '@beacontower/contracts';
import type { ClaimedDelivery } from '@beacontower/database';
import type { SendResult } from '@beacontower/mail';
import { IncidentMessage } from '@beacontower/messages';
import type { Channels } from '../channels/index.ts';
import type { DeliveryDirectory } from './directory.ts';

/** Why a message goes by another channel, as it is said in the message. */
const DIVERTED: { readonly [R in DiversionReason]: { readonly zh: string; readonly en: string } } = {
  'circuit-open': { zh: '连续多次发送失败', en: 'it failed several times in a row' },
  failing: { zh: '一分钟内未能发出', en: 'nothing got through for a minute' },
  refused: { zh: '对方拒绝接收', en: 'it refused the message' },
  exhausted: { zh: '多次重试均未成功', en: 'every attempt failed' },
};

/** Sends a claimed message. Never rejects. */
export async function sendClaimed(
  delivery: ClaimedDelivery,
  directory: DeliveryDirectory,
  channels: Channels,
  now: number,
): Promise<SendResult> {
  const channel = directory.channels.get(delivery.channel);
  if (!channel) return failed('rejected', `the channel "${delivery.channel}" is no longer in the inventory`);
  const messages = messagesOf(delivery.payloads);
  if (!messages) return failed('rejected', 'the stored message cannot be read');
  const { id, follows, attempt, step, address, total } = delivery;
  const language = delivery.language === 'zh' ? 'zh' : 'en';
  try {
    return await channels.send({
      channel,
      delivery: id,
      follows,
      attempt,
      step,
      address,
      language,
      timeZone: directory.timeZone,
      messages,
      total,
      diverted: divertedOf(delivery, language),
      template: templateOf(channel, directory),
      now,
    });
  } catch (error) {
    // It could not even be tried (a secret is missing): a person may put that right while it is tried again.
    return failed('retry', error instanceof Error ? error.message : String(error));
  }
}

/** A result of which the receiver knows nothing. */
export function failed(outcome: SendResult['outcome'], error: string): SendResult {
  return { outcome, status: null, response: null, error, retryAfterMs: null, digest: null };
}

function messagesOf(payloads: readonly unknown[]): [IncidentMessage, ...IncidentMessage[]] | null {
  const messages = payloads.map((payload) => IncidentMessage.safeParse(payload).data);
  const [first, ...others] = messages.filter((message) => message !== undefined);
  return first && others.length + 1 === payloads.length ? [first, ...others] : null;
}

function divertedOf({ channel, targetChannel, diverted }: ClaimedDelivery, language: 'zh' | 'en') {
  if (channel === targetChannel) return null;
  const given = diverted.findLast((way) => way.channel === targetChannel);
  return given ? { channel: targetChannel, why: DIVERTED[given.why][language] } : null;
}

function templateOf(channel: ChannelBody, { templates }: DeliveryDirectory) {
  return channel.template === null ? null : (templates.get(channel.template) ?? null);
}
