/** Channels, contacts and routes: looked at and normalised. */
import { type ChannelBody, type ContactBody, DEFAULT_GROUPING, type RouteBody, type SecretReference } from '../entities.ts';
import { type Collected, type Item, whole } from './collect.ts';
import { type Complaint, type Place, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { ListItem } from './schema.ts';

const MAIL_ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+$/;
const SAME_MACHINE = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const DEFAULT_PORT = { starttls: 587, implicit: 465, none: 25 } as const;

export function readChannels(around: Surroundings): ChannelBody[] {
  return whole(around.collected.items.channels).map(({ item, value }) => {
    if (value.kind === 'webhook') {
      const { id, kind, url, secret, maxAttempts } = value;
      return {
        id,
        kind,
        url,
        secret,
        timeoutMs: value.timeout ?? 10_000,
        maxAttempts,
        limit: null,
        template: null,
        allowLocal: value.allowLocal,
        ca: null,
      };
    }
    checkMail(around, item, value);
    return {
      id: value.id,
      kind: value.kind,
      host: value.host,
      port: value.port ?? DEFAULT_PORT[value.tls],
      tls: value.tls,
      ca: value.ca ?? null,
      user: value.user ?? null,
      password: value.password ?? null,
      from: value.from,
      timeoutMs: value.timeout ?? 30_000,
      maxAttempts: value.maxAttempts,
      inDoubt: value.inDoubt,
      limit: null,
      template: null,
    };
  });
}

/** A secret that a channel or a credential refers to, and where it does. */
export interface SecretUse {
  readonly reference: SecretReference;
  readonly place: Place;
  readonly of: 'channel' | 'credential';
  /** Characters it must have at least. */
  readonly least: number;
}

export function readSecrets(collected: Collected): SecretUse[] {
  return whole(collected.items.channels).flatMap(({ item, value }) => {
    const named = value.kind === 'webhook' ? { secret: value.secret } : { ca: value.ca, password: value.password };
    return Object.entries(named).flatMap(([key, reference]) =>
      reference === undefined ? [] : [{ reference, place: item.document.locate([...item.path, key]), of: 'channel' as const, least: 1 }],
    );
  });
}

function checkMail(around: Surroundings, item: Item<unknown>, value: Extract<ListItem<'channels'>, { kind: 'email' }>): void {
  if (value.tls === 'none' && !SAME_MACHINE.test(value.host)) around.faults.push(item.document.fault([...item.path, 'tls'], CLEAR_TEXT));
  if ((value.user === undefined) !== (value.password === undefined)) {
    const given = value.user === undefined ? 'password' : 'user';
    around.faults.push(item.document.fault([...item.path, given], USER_AND_PASSWORD));
  }
  const bare = /<([^<>]*)>\s*$/.exec(value.from)?.[1] ?? value.from;
  if (!MAIL_ADDRESS.test(bare)) around.faults.push(item.document.fault([...item.path, 'from'], { ...BAD_MAIL_ADDRESS, found: null }));
}

/** What sort each channel is; undefined where it could not be read. */
export function channelKinds(collected: Collected): ReadonlyMap<string | null, 'webhook' | 'email' | undefined> {
  return new Map(collected.items.channels.map((channel) => [channel.id, channel.value?.kind]));
}

export function readContacts(around: Surroundings, nodeLanguage: 'zh' | 'en'): ContactBody[] {
  const kinds = channelKinds(around.collected);
  return whole(around.collected.items.contacts).map(({ item, value }) => ({
    id: value.id,
    name: value.name,
    language: value.language ?? nodeLanguage,
    targets: value.targets.map((target, i) => {
      const path = ['targets', i];
      const channel = around.references.resolve('channel', target.channel, item, [...path, 'channel']);
      const kind = channel === null ? undefined : kinds.get(channel);
      const complaint = addressComplaint(kind, target.address);
      if (complaint !== null) {
        const at = target.address === undefined ? path : [...path, 'address'];
        around.faults.push(item.document.fault([...item.path, ...at], complaint));
      }
      return { channel: channel ?? '', address: kind === 'webhook' ? null : (target.address?.trim() ?? null), fallbacks: [] };
    }),
    quiet: null,
    accounts: [],
  }));
}

function addressComplaint(kind: 'webhook' | 'email' | undefined, address: string | undefined): Complaint | null {
  if (kind === 'email' && address === undefined)
    return { ...BAD_MAIL_ADDRESS, problem: text('an e-mail channel needs an address', '邮件通道需要收件地址'), found: null };
  if (kind === 'email' && !MAIL_ADDRESS.test(address?.trim() ?? '')) return BAD_MAIL_ADDRESS;
  return kind === 'webhook' && address !== undefined ? ADDRESS_UNUSED : null;
}

export function readRoutes(around: Surroundings): RouteBody[] {
  const { references } = around;
  return whole(around.collected.items.routes).map(({ item, value }, position) => {
    const all = (kind: 'division' | 'party' | 'contact', names: readonly string[], path: string[]): string[] => [
      ...new Set(names.flatMap((name, i) => references.resolve(kind, name, item, [...path, i]) ?? [])),
    ];
    const { severities, classes, divisions, parties } = value.match;
    return {
      id: value.id,
      position,
      match: {
        severities: severities ?? null,
        classes: classes ?? null,
        divisions: divisions === undefined ? null : all('division', divisions, ['match', 'divisions']),
        parties: parties === undefined ? null : all('party', parties, ['match', 'parties']),
        kinds: null,
        calendar: null,
      },
      isDefault: false,
      final: false,
      rotas: [],
      escalation: null,
      group: DEFAULT_GROUPING,
      repeatMs: null,
      contacts: all('contact', value.contacts, ['contacts']),
    };
  });
}

const CLEAR_TEXT: Complaint = {
  code: 'clear-text-mail',
  problem: text('mail would leave this machine in clear text', '邮件将以明文离开本机'),
  expected: text('tls: starttls or implicit; none only for a relay on this machine', 'tls: starttls 或 implicit；none 仅限本机中继'),
};
const USER_AND_PASSWORD: Complaint = {
  code: 'user-and-password',
  problem: text('one of "user" and "password" is missing', '"user" 与 "password" 缺少其一'),
  expected: text('both or neither', '二者同时给出或都不给出'),
  found: null,
};
const BAD_MAIL_ADDRESS: Complaint = {
  code: 'bad-mail-address',
  problem: text('this is not an e-mail address', '不是电子邮件地址'),
  expected: text('an address such as noc@example.cn', '形如 noc@example.cn 的地址'),
};
const ADDRESS_UNUSED: Complaint = {
  severity: 'warning',
  code: 'address-unused',
  problem: text('a webhook channel uses no address', 'webhook 通道不使用地址'),
  expected: text('only "channel"', '仅 "channel"'),
};
