import type { ChannelBody } from '@beacontower/contracts';
import { sampleMessage } from '@beacontower/messages';
import type { ChannelDependencies, Outgoing } from './channel.ts';

/** The secrets of these tests, by the name of their variable. */
export const SECRETS: Readonly<Record<string, string>> = { SIGN: 'SEC-of-the-tests', TOKEN: 'a-token-of-the-tests' };

/** Secrets of the tests; what is none of them is read as itself, so that a URL can be one. */
export const dependencies: ChannelDependencies = {
  secrets: (reference) => Promise.resolve('env' in reference ? (SECRETS[reference.env] ?? reference.env) : ''),
};

const base = { id: 'own', timeoutMs: 500, maxAttempts: 3, limit: null, template: null, allowLocal: true, ca: null } as const;

type Http = Exclude<ChannelBody, { kind: 'email' }>;

/** A channel of each kind that speaks HTTP, to a URL. */
export const channelsTo = (url: string) =>
  ({
    webhook: { ...base, kind: 'webhook', url, secret: { env: 'SIGN' } },
    wecom: { ...base, kind: 'wecom', url: { env: url }, mention: [] },
    dingtalk: { ...base, kind: 'dingtalk', url: { env: url }, secret: { env: 'SIGN' }, mention: [] },
    feishu: { ...base, kind: 'feishu', url: { env: url }, secret: { env: 'SIGN' }, mention: [] },
    gateway: {
      ...base,
      kind: 'gateway',
      url,
      method: 'POST',
      query: '',
      headers: {},
      body: '{"to":"{{ address }}","text":"{{ text }}","id":"{{ delivery }}"}',
      contentType: 'application/json',
      secrets: { key: { env: 'TOKEN' } },
      accepted: null,
      longest: 300,
    },
    alertmanager: { ...base, kind: 'alertmanager', url, token: { env: 'TOKEN' } },
  }) satisfies Partial<Record<ChannelBody['kind'], Http>>;

/** An alarm of an outage on its way by a channel. */
export function outgoing<C extends ChannelBody>(channel: C, more: Partial<Outgoing<C>> = {}): Outgoing<C> {
  return {
    channel,
    delivery: '11111111-1111-8111-8111-111111111111',
    follows: null,
    attempt: 1,
    step: 'opened',
    address: '13800000000',
    language: 'zh',
    timeZone: 'Asia/Shanghai',
    messages: [sampleMessage('outage', 'opened', 'zh')],
    total: 1,
    diverted: null,
    template: null,
    now: 1_795_315_229_646,
    ...more,
  };
}
