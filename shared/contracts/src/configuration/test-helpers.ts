/** What the tests of the loader share: small configurations and the shape of a case. */
import { expect } from 'vitest';
import type { EntityBody, EntityKind } from '../entities.ts';
import { describeFault, type Fault } from './fault.ts';
import { type LoadedConfiguration, type LoadOptions, loadConfiguration } from './load.ts';

export const encode = (text: string) => new TextEncoder().encode(text);
export const load = (...texts: (string | Uint8Array)[]): LoadedConfiguration => loadWith({}, ...texts);
export const loadWith = (options: LoadOptions, ...texts: (string | Uint8Array)[]): LoadedConfiguration =>
  loadConfiguration(
    texts.map((text, i) => ({ name: `${'abc'[i]}.yaml`, bytes: typeof text === 'string' ? encode(text) : text })),
    options,
  );

/** Two lines, so that what is appended begins at line 3. */
export const HEAD = 'node: {id: gd, name: 广东, division: cn.gd}\nzones: [{id: z, anchors: [192.0.2.254, "2001:db8::fe"]}]\n';
export const device = (rest: string) => `${HEAD}devices:\n  - {id: r1, name: R1, ${rest}}\n`;
export const addresses = 'addresses: {ipv4: 192.0.2.1}';
export const second = (rest: string) => `${device(addresses)}  - {id: r2, name: R2, ${rest}}\n`;
export const section = (name: string, item: string) => `${device(addresses)}${name}:\n  - ${item}\n`;

/** A webhook, a gateway and two contacts: what is appended begins at line 9, its items at line 10. */
const PEOPLE = `${section('channels', '{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}')}  - {id: g, kind: gateway, url: "https://sms.example.cn/", body: x}
contacts: [{id: me, name: M, targets: [{channel: w}]}, {id: you, name: Y, targets: [{channel: g, address: "138"}]}]
`;
/** A section, with people for it to name. */
export const people = (name: string, ...items: string[]) => `${PEOPLE}${name}:\n${items.map((item) => `  - ${item}\n`).join('')}`;

export const MAIL = 'id: m, kind: email, host: mail.example.cn, from: noc@example.cn';

export interface Case {
  readonly name: string;
  readonly yaml: string | Uint8Array | readonly string[];
  /** `file:line path` of the one fault. */
  readonly at: string;
  readonly code: string;
  readonly says: RegExp;
  readonly warning?: true;
  readonly options?: LoadOptions;
}

export const place = (fault: Fault) => `${fault.file}:${fault.line} ${fault.path}`;

/** One mistake makes one complaint, at its place, in both languages. */
export function expectFault(example: Case): void {
  const texts = typeof example.yaml === 'string' || example.yaml instanceof Uint8Array ? [example.yaml] : example.yaml;
  const loaded = loadWith(example.options ?? {}, ...texts);
  const fault = loaded.faults.find((candidate) => candidate.code === example.code);
  expect(loaded.faults.map((one) => `${one.code} ${place(one)}`)).toContain(
    `${example.code} ${example.at}${fault?.path.slice(example.at.split(' ')[1]?.length) ?? ''}`,
  );
  expect(fault?.severity).toBe(example.warning ? 'warning' : 'error');
  expect(describeFault(fault as Fault, 'en')).toMatch(example.says);
  expect(describeFault(fault as Fault, 'zh')).toMatch(/[\u4e00-\u9fff]/);
  expect(loaded.configuration === null).toBe(!example.warning);
  expect(fault?.column).toBeGreaterThan(0);
  // One mistake makes one complaint.
  if (!['yaml', 'too-deep', 'alias-of-itself'].includes(example.code)) expect(loaded.faults).toHaveLength(1);
}

/** The body of an entity of a configuration: that of the id, or the first. */
export function body<K extends EntityKind>(loaded: LoadedConfiguration, entity: K, id?: string): EntityBody<K> | undefined {
  const found = loaded.configuration?.entities.find((one) => one.entity === entity && (id === undefined || one.id === id));
  return found?.body as EntityBody<K> | undefined;
}
