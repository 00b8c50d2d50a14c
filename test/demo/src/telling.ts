/** Who is told in the demo, and how: channels that the demo's own receiver answers, people, two rotas, an escalation, routes, clocks. Pure. */
import { PROVINCES } from './provinces.ts';

/** Names the address of the robot, which holds its key: a secret, even here. */
export const ROBOT_VARIABLE = 'BEACONTOWER_DEMO_ROBOT';
/** Names what the messages to webhooks are signed with. */
export const SIGNING_VARIABLE = 'BEACONTOWER_DEMO_SIGNING';
/** Where the receiver takes what is sent, by channel. */
export const PATHS = { robot: '/robot', desk: '/desk', sms: '/sms', tickets: '/tickets', province: '/province' } as const;

const local = { allowLocal: true, timeout: '2s' };

/** Sections of the configuration; `receiver` is where the demo's receiver listens, `from` the local date from which the rotas turn. */
export function tellingOf(receiver: string, from: string): Readonly<Record<string, readonly object[]>> {
  const rota = (id: string, zh: string, en: string, contacts: readonly string[], days: number) => ({
    id,
    name: zh,
    nameEn: en,
    layers: [{ id: 'engineers', contacts, days, from, at: '08:30' }],
    otherwise: 'desk',
    tellHandOver: true,
  });
  return {
    channels: [
      { id: 'noc-robot', kind: 'wecom', url: { env: ROBOT_VARIABLE }, ...local, limit: 'none' },
      { id: 'desk-screen', kind: 'webhook', url: `${receiver}${PATHS.desk}`, secret: { env: SIGNING_VARIABLE }, ...local },
      {
        id: 'sms',
        kind: 'gateway',
        url: `${receiver}${PATHS.sms}`,
        body: '{"mobile": "{{ address }}", "content": "{{ text }}"}',
        accepted: '"code"\\s*:\\s*0',
        limit: { messages: 60, per: '1m' },
        ...local,
      },
      { id: 'tickets', kind: 'webhook', url: `${receiver}${PATHS.tickets}`, secret: { env: SIGNING_VARIABLE }, ...local },
      { id: 'province-platform', kind: 'alertmanager', url: `${receiver}${PATHS.province}`, ...local, maxAttempts: 3 },
    ],
    contacts: [
      { id: 'desk', name: '国家中心值班台', targets: [{ channel: 'desk-screen' }] },
      {
        id: 'zhang',
        name: '张工',
        accounts: ['duty'],
        targets: [{ channel: 'noc-robot', fallbacks: [{ channel: 'sms', address: '13800000001' }] }],
      },
      { id: 'li', name: '李工', targets: [{ channel: 'noc-robot', fallbacks: [{ channel: 'sms', address: '13800000002' }] }] },
      { id: 'wang', name: '王工（骨干网专家）', targets: [{ channel: 'sms', address: '13800000003' }] },
      { id: 'ticket-system', name: '工单系统', targets: [{ channel: 'tickets' }] },
      { id: 'province-platform', name: '省级平台', targets: [{ channel: 'province-platform' }] },
    ],
    rotas: [
      rota('noc', '国家中心值班', 'National centre on duty', ['zhang', 'li'], 1),
      rota('backbone', '骨干网专家', 'Backbone experts', ['wang', 'li'], 7),
    ],
    escalations: [
      {
        id: 'centre',
        name: '无人确认时升级',
        steps: [
          { after: '15s', rotas: ['backbone'] },
          { after: '40s', contacts: ['desk'] },
        ],
      },
    ],
    routes: [
      {
        id: 'serious',
        match: { severities: ['critical', 'major'] },
        rotas: ['noc'],
        escalation: 'centre',
        repeat: '5m',
        group: { by: ['division'], wait: '3s' },
      },
      { id: 'tickets', match: { kinds: ['outage', 'condition', 'flapping'] }, contacts: ['ticket-system'] },
      { id: 'provinces', match: { divisions: PROVINCES.slice(18, 20).map(({ id }) => `cn.${id}`) }, contacts: ['province-platform'] },
      { id: 'rest', default: true, contacts: ['desk'], group: { wait: '5s' } },
    ],
    clocks: [
      { severity: 'critical', respond: '1m', repair: '30m' },
      { severity: 'major', respond: '2m', repair: '2h' },
      { severity: 'minor', repair: '24h' },
    ],
    conditions: [
      {
        id: 'errors',
        name: '接口误码偏高',
        nameEn: 'Errors on an interface',
        severity: 'minor',
        where: { kinds: ['interface'] },
        test: { metric: 'errors', above: '0.001%' },
        for: '10s',
        clearFor: '10s',
      },
    ],
  };
}
