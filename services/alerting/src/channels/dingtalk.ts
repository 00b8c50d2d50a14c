import { createHmac } from 'node:crypto';
import type { ChannelBody } from '@beacontower/contracts';
import { composeMarkdown } from '@beacontower/messages';
import { type ChannelDependencies, type ChannelSender, isGoingOn, type Outgoing, wordingOf } from './channel.ts';
import { postToRobot, type RobotCodes } from './robot.ts';

type DingtalkChannel = Extract<ChannelBody, { kind: 'dingtalk' }>;

/** 20 messages a minute; whoever sends more is kept out for a while. 400105, 40035, 43004, 4301xx, 460101: the message itself. */
const CODES: RobotCodes = {
  limited: new Set([130101, 410100, 302033, 90018, 90030]),
  pauseMs: 60_000,
  message: new Set([400105, 40035, 43004, 430101, 430102, 430103, 430104, 460101]),
};
/** Of 20,000 bytes of the whole body. */
const MOST_MARKDOWN = 15_000;

/** A DingTalk (钉钉) group robot, signed where it has a secret. */
export function createDingtalkSender({ secrets }: ChannelDependencies): ChannelSender<DingtalkChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const { channel, now } = outgoing;
      const [url, secret] = [await secrets(channel.url), channel.secret === null ? null : await secrets(channel.secret)];
      const ca = channel.ca === null ? null : await secrets(channel.ca);
      const signed = secret === null ? url : `${url}${url.includes('?') ? '&' : '?'}${signature(secret, now)}`;
      return postToRobot(channel, { url: signed, ca, body: bodyOf(outgoing), codes: CODES, hidden: [url, secret ?? ''], now });
    },
  };
}

/** What is appended to the query: `timestamp=…&sign=…`, the HMAC-SHA256 of "time, line break, secret" in base64. */
function signature(secret: string, now: number): string {
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  return `timestamp=${now}&sign=${encodeURIComponent(sign)}`;
}

function bodyOf(outgoing: Outgoing<DingtalkChannel>): unknown {
  const { title, markdown } = composeMarkdown(wordingOf(outgoing), 'dingtalk', MOST_MARKDOWN);
  const mention = isGoingOn(outgoing) ? outgoing.channel.mention : [];
  const isAtAll = mention.some((one) => /^@?all$/.test(one));
  const atMobiles = mention.filter((one) => /^\+?[\d-]{7,20}$/.test(one));
  const atUserIds = mention.filter((one) => !/^@?all$/.test(one) && !atMobiles.includes(one));
  // Only who also stands in the text is mentioned.
  const names = [...atMobiles, ...atUserIds].map((one) => `@${one}`).join(' ');
  const text = names === '' ? markdown : `${markdown}\n\n${names}`;
  return { msgtype: 'markdown', markdown: { title, text }, at: { atMobiles, atUserIds, isAtAll } };
}
