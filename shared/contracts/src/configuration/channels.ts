/** Channels: normalised. What can be wrong with them, and their secrets, are looked at beside. */
import type { ChannelBody } from '../entities.ts';
import { checkChannel } from './channel-checks.ts';
import type { ChannelYaml } from './channel-schema.ts';
import { type Collected, whole } from './collect.ts';
import type { Surroundings } from './objects.ts';

const DEFAULT_PORT = { starttls: 587, implicit: 465, none: 25 } as const;
const HTTP_TIMEOUT_MS = 10_000;
const MAIL_TIMEOUT_MS = 30_000;
const JSON_TYPE = 'application/json; charset=utf-8';

type Kind = ChannelBody['kind'];

/**
 * What robots take, as their makers say: WeCom and DingTalk 20 messages a minute (DingTalk takes nothing for ten minutes after more),
 * Feishu 100 a minute and 5 a second.
 */
const USUAL_LIMIT: Partial<Record<Kind, NonNullable<ChannelBody['limit']>>> = {
  wecom: { messages: 20, perMs: 60_000 },
  dingtalk: { messages: 20, perMs: 60_000 },
  feishu: { messages: 5, perMs: 3_000 },
};

export function readChannels(around: Surroundings): ChannelBody[] {
  return whole(around.collected.items.channels).map(({ item, value }) => {
    const template = value.template === undefined ? null : around.references.resolve('template', value.template, item, ['template']);
    checkChannel(around, item, value);
    const usual = value.kind === 'email' ? MAIL_TIMEOUT_MS : HTTP_TIMEOUT_MS;
    return bodyOf(value, {
      id: value.id,
      timeoutMs: value.timeout ?? usual,
      maxAttempts: value.maxAttempts,
      limit: limitOf(value),
      template,
    });
  });
}

/** What is written, then what the makers of robots allow, then none. */
function limitOf({ kind, limit }: ChannelYaml): ChannelBody['limit'] {
  if (limit === 'none') return null;
  return limit === undefined ? (USUAL_LIMIT[kind] ?? null) : { messages: limit.messages, perMs: limit.per };
}

type Common = Pick<ChannelBody, 'id' | 'timeoutMs' | 'maxAttempts' | 'limit' | 'template'>;

function bodyOf(value: ChannelYaml, common: Common): ChannelBody {
  if (value.kind === 'email') {
    return {
      ...common,
      kind: value.kind,
      host: value.host,
      port: value.port ?? DEFAULT_PORT[value.tls],
      tls: value.tls,
      ca: value.ca ?? null,
      user: value.user ?? null,
      password: value.password ?? null,
      from: value.from,
      inDoubt: value.inDoubt,
    };
  }
  const http = { ...common, allowLocal: value.allowLocal, ca: value.ca ?? null };
  switch (value.kind) {
    case 'webhook':
      return { ...http, kind: value.kind, url: value.url, secret: value.secret };
    case 'wecom':
      return { ...http, kind: value.kind, url: value.url, mention: value.mention ?? [] };
    case 'dingtalk':
    case 'feishu':
      return { ...http, kind: value.kind, url: value.url, secret: value.secret ?? null, mention: value.mention ?? [] };
    case 'alertmanager':
      return { ...http, kind: value.kind, url: value.url, token: value.token ?? null };
    case 'gateway':
      return {
        ...http,
        kind: value.kind,
        url: value.url,
        method: value.method,
        query: value.query ?? '',
        headers: value.headers ?? {},
        body: value.body ?? '',
        contentType: value.contentType ?? JSON_TYPE,
        secrets: value.secrets ?? {},
        accepted: value.accepted ?? null,
        longest: value.longest ?? 500,
      };
  }
}

/** What sort each channel is; undefined where it could not be read. */
export function channelKinds(collected: Collected): ReadonlyMap<string | null, Kind | undefined> {
  return new Map(collected.items.channels.map((channel) => [channel.id, channel.value?.kind]));
}
