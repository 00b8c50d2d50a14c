import type { LabObject, LabPlan } from './plan.ts';

/** Who is told, and how often each object is looked at. */
export interface InventoryOptions {
  /** Interval in the configuration's own words ("10s"), for all or by object. */
  readonly interval: string | ((object: LabObject) => string);
  readonly webhook?: { readonly url: string; readonly secretEnv: string };
  readonly email?: { readonly host: string; readonly port: number; readonly caFile: string; readonly to: string };
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

function channels({ webhook, email }: InventoryOptions): Record<string, unknown>[] {
  const hook =
    webhook === undefined
      ? []
      : [{ id: 'hook', kind: 'webhook', url: webhook.url, secret: { env: webhook.secretEnv }, timeout: '2s', maxAttempts: 8 }];
  const mail =
    email === undefined
      ? []
      : [
          {
            id: 'mail',
            kind: 'email',
            host: email.host,
            port: email.port,
            tls: 'starttls',
            ca: { file: email.caFile },
            from: 'beacontower@example.org',
            timeout: '5s',
          },
        ];
  return [...hook, ...mail];
}

function telling(options: InventoryOptions): Record<string, unknown> {
  const list = channels(options);
  if (list.length === 0) return {};
  const targets = [
    ...(options.webhook === undefined ? [] : [{ channel: 'hook' }]),
    ...(options.email === undefined ? [] : [{ channel: 'mail', address: options.email.to }]),
  ];
  return {
    channels: list,
    contacts: [{ id: 'duty', name: 'Duty', language: 'zh', targets }],
    routes: [{ id: 'all', contacts: ['duty'] }],
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
    ...telling(options),
  };
  return `${JSON.stringify(configuration, null, 1)}\n`;
}
