import type { ChannelBody } from '@beacontower/contracts';
import { composeMarkdown, composeShort } from '@beacontower/messages';
import { type ChannelDependencies, type ChannelSender, isGoingOn, type Outgoing, wordingOf } from './channel.ts';
import { postToRobot, type RobotCodes } from './robot.ts';

type WecomChannel = Extract<ChannelBody, { kind: 'wecom' }>;

/** 20 messages a minute (45009 beyond); 40008, 40058, 44004, 45002: type, parameters or length of the message. */
const CODES: RobotCodes = { limited: new Set([45009, 45033]), pauseMs: 30_000, message: new Set([40008, 40058, 44004, 45002]) };
/** Of 4,096 bytes of markdown; of 2,048 bytes of text, by three a character. */
const MOST_MARKDOWN = 3_800;
const MOST_TEXT = 640;

/** A WeCom (企业微信) group robot: markdown that mentions members by their user id. */
export function createWecomSender({ secrets }: ChannelDependencies): ChannelSender<WecomChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const { channel, now } = outgoing;
      const url = await secrets(channel.url);
      const ca = channel.ca === null ? null : await secrets(channel.ca);
      return postToRobot(channel, { url, ca, body: bodyOf(outgoing), codes: CODES, hidden: [], now });
    },
  };
}

// Its markdown mentions by user id alone: everybody, and whoever is named by telephone number, only its plain text does.
function bodyOf(outgoing: Outgoing<WecomChannel>): unknown {
  const wording = wordingOf(outgoing);
  const mention = isGoingOn(outgoing) ? outgoing.channel.mention : [];
  const everybody = mention.some((one) => /^@?all$/.test(one));
  const mobiles = mention.filter((one) => /^\+?\d{7,15}$/.test(one));
  const members = mention.filter((one) => !/^@?all$/.test(one) && !mobiles.includes(one));
  if (everybody || mobiles.length > 0) {
    const list = { mentioned_list: [...members, ...(everybody ? ['@all'] : [])], mentioned_mobile_list: mobiles };
    return { msgtype: 'text', text: { content: composeShort(wording, MOST_TEXT).text, ...list } };
  }
  const names = members.map((one) => `<@${one}>`).join(' ');
  const { markdown } = composeMarkdown(wording, 'wecom', MOST_MARKDOWN - Buffer.byteLength(names));
  return { msgtype: 'markdown', markdown: { content: names === '' ? markdown : `${markdown}\n${names}` } };
}
