import { ChannelBody, ContactBody, type DesiredEntity, RouteBody } from '@beacontower/contracts';
import { DEFAULT_ICMP_POLICY } from '@beacontower/domain';

/** What is watched in a storm: one device with everything behind it, and devices on their own. */
export const GATE = 'storm:gate';
export const behind = (n: number) => `storm:b${n}`;
export const lone = (n: number) => `storm:l${n}`;

/** Where two contacts are told: one by mail, one by webhook (which is read by machines and never grouped). */
export interface StormReceivers {
  readonly mail: { readonly host: string; readonly port: number };
  readonly webhook: string;
}

/** The inventory of a storm. Every tenth object behind the gate is the line of a unit. */
export function stormInventory(size: { readonly behind: number; readonly lone: number }, receivers: StormReceivers): DesiredEntity[] {
  const gated = Array.from({ length: size.behind }, (_, n) => object(behind(n), n + 1, [GATE]));
  const lonely = Array.from({ length: size.lone }, (_, n) => object(lone(n), size.behind + n + 1, []));
  return [
    { entity: 'node', id: 'storm', body: { id: 'storm', name: 'Storm', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' } },
    { entity: 'zone', id: 'main', body: { id: 'main', name: 'Main', anchors: ['127.0.0.1'] } },
    { entity: 'division', id: 'cn', body: { id: 'cn', name: '中国', nameEn: 'China', code: '000000' } },
    object(GATE, 0, []),
    ...gated,
    ...lonely,
    ...telling(receivers),
  ];
}

function telling({ mail, webhook }: StormReceivers): DesiredEntity[] {
  const common = { timeoutMs: 10_000, maxAttempts: 5 };
  const email = { ...common, id: 'mail', kind: 'email', ...mail, tls: 'none', ca: null, user: null, password: null, inDoubt: 'resend' };
  const hook = { ...common, id: 'hook', kind: 'webhook', url: webhook, secret: { env: 'STORM_SECRET' }, allowLocal: true, ca: null };
  const channels = [{ ...email, from: 'storm@example.cn' }, hook].map((one) => ChannelBody.parse({ limit: null, template: null, ...one }));
  const contacts = [
    { id: 'noc', name: '值班', language: 'zh', targets: [{ channel: 'mail', address: 'noc@example.cn' }] },
    { id: 'desk', name: 'Desk', language: 'en', targets: [{ channel: 'hook', address: null }] },
  ].map((one) => ContactBody.parse(one));
  const match = { severities: null, classes: null, divisions: null, parties: null };
  return [
    ...channels.map((body) => ({ entity: 'channel' as const, id: body.id, body })),
    ...contacts.map((body) => ({ entity: 'contact' as const, id: body.id, body })),
    { entity: 'route', id: 'all', body: RouteBody.parse({ id: 'all', match, contacts: ['noc', 'desk'] }) },
  ];
}

function object(id: string, index: number, parents: string[]): DesiredEntity {
  const address = `10.${Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}`;
  const check = { id: `${id}/icmp4`, objectId: id, kind: 'icmp' as const, family: 4 as const, address, zone: 'main' };
  const line = index % 10 === 1;
  return {
    entity: 'object',
    id,
    body: {
      ...{ id, kind: line ? 'access-line' : 'device', name: `设备 ${index}`, division: 'cn', class: 'user-access', party: null },
      ...{ servingRule: 'any', dependency: { parents, rule: { require: 'any' } }, weight: 1, runbook: null },
      checks: [{ ...check, policy: DEFAULT_ICMP_POLICY }],
      attributes: line ? { unit: `单位 ${index}` } : {},
    },
  };
}
