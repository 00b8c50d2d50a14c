/** The secrets that channels refer to, and what each must hold. */
import type { SecretReference } from '../entities.ts';
import type { ChannelYaml } from './channel-schema.ts';
import { type Collected, whole } from './collect.ts';
import type { Place } from './fault.ts';

/** A secret that a channel or a credential refers to, and where it does. */
export interface SecretUse {
  readonly reference: SecretReference;
  readonly place: Place;
  readonly of: 'channel' | 'credential';
  /** Characters it must have at least. */
  readonly least: number;
  /** What it must hold, where that can be seen. */
  readonly holds?: SecretHolds;
}

/** A web address (one of this machine, its link or a cloud's metadata only where that is allowed), or PEM certificates. */
export type SecretHolds = { readonly what: 'web-address'; readonly allowLocal: boolean } | { readonly what: 'certificates' };

export function readSecrets(collected: Collected): SecretUse[] {
  return whole(collected.items.channels).flatMap(({ item, value }) =>
    secretsOf(value).flatMap(({ path, reference, holds }) =>
      reference === undefined
        ? []
        : [{ reference, place: item.document.locate([...item.path, ...path]), of: 'channel' as const, least: 1, ...(holds && { holds }) }],
    ),
  );
}

interface NamedSecret {
  readonly path: readonly string[];
  readonly reference: SecretReference | undefined;
  readonly holds?: SecretHolds;
}

function secretsOf(value: ChannelYaml): NamedSecret[] {
  const ca: NamedSecret = { path: ['ca'], reference: value.ca, holds: { what: 'certificates' } };
  switch (value.kind) {
    case 'webhook':
      return [{ path: ['secret'], reference: value.secret }, ca];
    case 'email':
      return [ca, { path: ['password'], reference: value.password }];
    case 'wecom':
      return [{ path: ['url'], reference: value.url, holds: { what: 'web-address', allowLocal: value.allowLocal } }, ca];
    case 'dingtalk':
    case 'feishu':
      return [
        { path: ['url'], reference: value.url, holds: { what: 'web-address', allowLocal: value.allowLocal } },
        { path: ['secret'], reference: value.secret },
        ca,
      ];
    case 'gateway':
      return [...Object.entries(value.secrets ?? {}).map(([name, reference]) => ({ path: ['secrets', name], reference })), ca];
    case 'alertmanager':
      return [{ path: ['token'], reference: value.token }, ca];
  }
}
