import type { LabObject, LabPlan } from './plan.ts';

/** Who is told, and how often each object is looked at. */
export interface InventoryOptions {
  /** Interval in the configuration's own words ("10s"), for all or by object. */
  readonly interval: string | ((object: LabObject) => string);
  /** Everything is told to `<url>/duty`, and what concerns the backbone also to `<url>/backbone`, another contact. */
  readonly webhook?: { readonly url: string; readonly secretEnv: string };
  readonly email?: { readonly host: string; readonly port: number; readonly caFile: string; readonly to: string };
  /** Sections that say who is told, in place of those that the above comes to. */
  readonly telling?: Readonly<Record<string, unknown>>;
}

export const NODE = 'lab';
/** Id of the objective whose members are all objects of the lab. */
export const EVERYTHING = 'everything';

/** The global id of an object of the lab. */
export function globalId(local: string): string {
  return `${NODE}:${local}`;
}

function objectEntry(object: LabObject, interval: string): Record<string, unknown> {
  const { id, name, division, address } = object;
  return {
    id,
    name,
    division,
    class: object.class,
    addresses: { ipv4: address.v4, ipv6: address.v6 },
    ...(object.parents.length > 0 ? { parents: { any: object.parents } } : {}),
    ...(object.kind === 'access-line' ? { unit: name } : {}),
    policy: { interval },
  };
}

function webhookChannel(name: string, { url, secretEnv }: { url: string; secretEnv: string }): Record<string, unknown> {
  return { id: name, kind: 'webhook', url: `${url}/${name}`, secret: { env: secretEnv }, allowLocal: true, timeout: '2s', maxAttempts: 8 };
}

function mailChannel({ host, port, caFile }: NonNullable<InventoryOptions['email']>): Record<string, unknown> {
  const from = 'beacontower@example.org';
  return { id: 'mail', kind: 'email', host, port, tls: 'starttls', ca: { file: caFile }, from, timeout: '5s' };
}

function telling({ webhook, email }: InventoryOptions): Record<string, unknown> {
  if (webhook === undefined) return {};
  const mail = email === undefined ? [] : [{ channel: 'mail', address: email.to }];
  return {
    channels: [webhookChannel('duty', webhook), webhookChannel('backbone', webhook), ...(email === undefined ? [] : [mailChannel(email)])],
    contacts: [
      { id: 'duty', name: 'Duty', language: 'zh', targets: [{ channel: 'duty' }, ...mail] },
      { id: 'backbone', name: 'Backbone', language: 'en', targets: [{ channel: 'backbone' }] },
    ],
    routes: [
      { id: 'all', contacts: ['duty'] },
      { id: 'backbone', match: { classes: ['backbone'] }, contacts: ['backbone'] },
    ],
  };
}

/** The product's configuration for exactly this network, as JSON (which is YAML). */
export function inventoryYaml(plan: LabPlan, options: InventoryOptions): string {
  const intervalOf = (object: LabObject) => (typeof options.interval === 'string' ? options.interval : options.interval(object));
  const entries = (kind: LabObject['kind']) =>
    plan.objects.filter((object) => object.kind === kind).map((object) => objectEntry(object, intervalOf(object)));
  const divisions = [...new Set(plan.objects.map(({ division }) => division))].filter((division) => division !== 'cn');
  const configuration = {
    node: { id: NODE, name: 'Laboratory', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' },
    zones: [{ id: 'centre', anchors: [plan.anchor.v4, plan.anchor.v6] }],
    divisions: divisions.map((id) => ({ id, name: id })),
    devices: entries('device'),
    circuits: entries('circuit'),
    accessLines: entries('access-line'),
    objectives: [{ id: EVERYTHING, name: 'Everything', objects: plan.objects.map(({ id }) => id), target: '99.9%', period: 'month' }],
    ...(options.telling ?? telling(options)),
  };
  return `${JSON.stringify(configuration, null, 1)}\n`;
}
