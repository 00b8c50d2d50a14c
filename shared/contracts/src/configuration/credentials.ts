/** Credentials: what a secret will be made of once it is looked up. Nothing of this file ever holds a secret. */
import type { SecretReference, SNMP_AUTH_PROTOCOLS, SNMP_PRIVACY_PROTOCOLS } from '../entities.ts';
import type { SecretUse } from './channel-secrets.ts';
import type { Collected, Item } from './collect.ts';
import { type Complaint, type Place, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { CredentialYaml } from './snmp-schema.ts';

/** Shortest key of SNMPv3 that agents take (RFC 3414, 11.2), characters. */
export const LEAST_KEY_LENGTH = 8;

/** A part of a credential that is looked up elsewhere, and where the configuration names it. */
export interface SecretPart {
  readonly reference: SecretReference;
  readonly place: Place;
}

/** `SnmpSecret` with references in place of what is secret. */
export type SnmpSecretDraft =
  | { readonly version: '1' | '2c'; readonly community: SecretPart }
  | {
      readonly version: '3';
      readonly user: string;
      readonly context: string;
      readonly auth: { readonly protocol: (typeof SNMP_AUTH_PROTOCOLS)[number]; readonly key: SecretPart } | null;
      readonly privacy: { readonly protocol: (typeof SNMP_PRIVACY_PROTOCOLS)[number]; readonly key: SecretPart } | null;
    };

/** A credential as the configuration says it: the entity but for its seal, which needs the secrets and the node's key. */
export interface CredentialDraft {
  readonly id: string;
  readonly version: '1' | '2c' | '3';
  /** In words, as it may be shown. */
  readonly summary: string;
  readonly secret: SnmpSecretDraft;
}

/** Drafts of all credentials that are whole. */
export function readCredentials(collected: Collected): CredentialDraft[] {
  return collected.items.credentials.flatMap((item) => (item.value === null ? [] : [draftOf(item, item.value)]));
}

function draftOf(item: Item<unknown>, yaml: CredentialYaml): CredentialDraft {
  const part = (reference: SecretReference, ...path: string[]): SecretPart => ({
    reference,
    place: item.document.locate([...item.path, ...path]),
  });
  if (yaml.version !== '3') {
    const { id, version, community } = yaml;
    return { id, version, summary: `v${version}`, secret: { version, community: part(community, 'community') } };
  }
  const { id, version, user, context, auth, privacy } = yaml;
  const level = privacy !== undefined ? 'authPriv' : auth !== undefined ? 'authNoPriv' : 'noAuthNoPriv';
  return {
    id,
    version,
    summary: ['v3', level, auth?.protocol, privacy?.protocol].filter((word) => word !== undefined).join(' '),
    secret: {
      version,
      user,
      context,
      auth: auth === undefined ? null : { protocol: auth.protocol, key: part(auth.key, 'auth', 'key') },
      privacy: privacy === undefined ? null : { protocol: privacy.protocol, key: part(privacy.key, 'privacy', 'key') },
    },
  };
}

/** Says what cannot work and warns of what protects nothing. */
export function checkCredentials({ collected, faults }: Surroundings): void {
  for (const item of collected.items.credentials) {
    const yaml = item.value;
    if (yaml === null) continue;
    const report = (path: string[], complaint: Complaint) => faults.push(item.document.fault([...item.path, ...path], complaint));
    if (yaml.version !== '3') {
      report(['version'], CLEAR_TEXT);
      continue;
    }
    if (yaml.privacy !== undefined && yaml.auth === undefined) report(['privacy'], PRIVACY_ALONE);
    else if (yaml.auth === undefined) report(['version'], NO_AUTH);
    if (yaml.auth?.protocol === 'md5') report(['auth', 'protocol'], weak('MD5', 'sha256'));
    if (yaml.privacy?.protocol === 'des') report(['privacy', 'protocol'], weak('DES', 'aes128'));
  }
}

const CLEAR_TEXT: Complaint = {
  severity: 'warning',
  code: 'weak-credential',
  problem: text(
    'SNMP v1 and v2c send the community over the network in clear text: whoever sees a packet can ask too',
    'SNMP v1 与 v2c 在网络上明文传送团体名：截获报文者即可冒用',
  ),
  expected: text('version: 3 with auth and privacy, where the device has it', '设备支持时使用 version: 3 并配置 auth 与 privacy'),
};
const NO_AUTH: Complaint = {
  severity: 'warning',
  code: 'weak-credential',
  problem: text('without auth anybody who knows the user can ask, and answer in its place', '没有 auth，任何知道用户名的人都可冒充'),
  expected: text('auth: {protocol: sha256, key: …} and privacy', 'auth: {protocol: sha256, key: …} 及 privacy'),
};
const PRIVACY_ALONE: Complaint = {
  code: 'privacy-without-auth',
  problem: text('privacy is not possible without auth (RFC 3414)', '没有 auth 时不能使用 privacy（RFC 3414）'),
  expected: text('auth: {protocol: sha256, key: …} beside it', '同时给出 auth: {protocol: sha256, key: …}'),
};
const weak = (name: string, better: string): Complaint => ({
  severity: 'warning',
  code: 'weak-credential',
  problem: text(`${name} is broken or nearly so`, `${name} 已不安全`),
  expected: text(`${better} or better, where the device has it`, `设备支持时使用 ${better} 或更强算法`),
});

/** Every secret that a credential refers to. */
export function secretsOf({ secret }: CredentialDraft): SecretUse[] {
  if (secret.version !== '3') return [{ ...secret.community, of: 'credential', least: 1 }];
  return [secret.auth, secret.privacy].flatMap((part) =>
    part === null ? [] : [{ ...part.key, of: 'credential' as const, least: LEAST_KEY_LENGTH }],
  );
}
