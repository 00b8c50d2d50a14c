import { createHmac } from 'node:crypto';
import type { ChannelBody } from '@beacontower/contracts';
import { composeMarkdown, type Tone } from '@beacontower/messages';
import { type ChannelDependencies, type ChannelSender, isGoingOn, type Outgoing, wordingOf } from './channel.ts';
import { postToRobot, type RobotCodes } from './robot.ts';

type FeishuChannel = Extract<ChannelBody, { kind: 'feishu' }>;

/** 100 messages a minute, 5 a second; 9499, 19002, 11246, 230025: form or length of the message. */
const CODES: RobotCodes = {
  limited: new Set([11232, 99991400]),
  pauseMs: 15_000,
  message: new Set([9499, 19002, 11246, 230025]),
};
/** Of 20 kB of the whole body. */
const MOST_MARKDOWN = 12_000;
const TEMPLATES: Readonly<Record<Tone, string>> = { critical: 'red', major: 'orange', minor: 'yellow', warning: 'blue', resolved: 'green' };

/** A Feishu (飞书) group robot: a card in the colour of the severity, signed where it has a secret. */
export function createFeishuSender({ secrets }: ChannelDependencies): ChannelSender<FeishuChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const { channel, now } = outgoing;
      const [url, secret] = [await secrets(channel.url), channel.secret === null ? null : await secrets(channel.secret)];
      const ca = channel.ca === null ? null : await secrets(channel.ca);
      const body = { ...(secret === null ? {} : signature(secret, now)), ...cardOf(outgoing) };
      return postToRobot(channel, { url, ca, body, codes: CODES, hidden: [secret ?? ''], now });
    },
  };
}

/** The fields that sign a message: the HMAC-SHA256 of nothing, with "seconds, line break, secret" as key, in base64. */
function signature(secret: string, now: number): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(now / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}

function cardOf(outgoing: Outgoing<FeishuChannel>): Record<string, unknown> {
  const { title, markdown, sheet } = composeMarkdown(wordingOf(outgoing), 'feishu', MOST_MARKDOWN);
  const plain = (content: string) => ({ tag: 'plain_text', content });
  const mention = (isGoingOn(outgoing) ? outgoing.channel.mention : []).map(mentionOf).join(' ');
  const { link } = sheet;
  const button =
    link === null ? [] : [{ tag: 'action', actions: [{ tag: 'button', text: plain(link.label), url: link.url, type: 'primary' }] }];
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: { title: plain(title), template: TEMPLATES[sheet.tone] },
      elements: [
        { tag: 'markdown', content: mention === '' ? markdown : `${markdown}\n${mention}` },
        ...button,
        { tag: 'note', elements: [plain(sheet.footer)] },
      ],
    },
  };
}

/** By open id, by mail address, or everybody. */
function mentionOf(one: string): string {
  const who = one.replace(/[<>\s"'=]/g, '');
  if (/^@?all$/.test(who)) return '<at id=all></at>';
  return who.includes('@') ? `<at email=${who}></at>` : `<at id=${who}></at>`;
}
