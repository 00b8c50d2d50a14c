/** The YAML of SNMP: how a device is asked, and the credentials it is asked with. */
import { z } from 'zod';
import { SNMP_AUTH_PROTOCOLS, SNMP_PRIVACY_PROTOCOLS } from '../entities.ts';
import { AnyAddress, Duration, Id, InterfacePattern, Reference, Secret, Words } from './values.ts';

const count = (least: number, most: number) => z.number().int().min(least).max(most);

/** Whatever is left out comes from `defaults.snmp`, then from the built-in policy of the pace. */
const asking = {
  credential: Reference.optional(),
  port: count(1, 65_535).optional(),
  family: z.enum(['ipv4', 'ipv6']).optional(),
  interval: Duration.optional(),
  timeout: Duration.optional(),
  retries: count(0, 10).optional(),
  downAfter: count(1, 100).optional(),
  upAfter: count(1, 100).optional(),
  degradedAfter: count(1, 100).optional(),
  unknownAfter: count(2, 100).optional(),
  interfaces: z
    .strictObject({ watch: z.array(InterfacePattern).max(200).optional(), ignore: z.array(InterfacePattern).max(200).optional() })
    .optional(),
};

export const DefaultSnmpYaml = z.strictObject(asking);
export type DefaultSnmpYaml = z.infer<typeof DefaultSnmpYaml>;

/** `address`: where management has another address than the device's own. */
const SnmpMapping = z.strictObject({ ...asking, address: AnyAddress.optional() });

/** `true` and the bare id of a credential are short for a mapping. */
export const SnmpYaml = z.preprocess(
  (value) => (value === true ? {} : typeof value === 'string' ? { credential: value } : value),
  SnmpMapping,
);
export type SnmpYaml = z.infer<typeof SnmpMapping>;

/** A bare 1, 2 or 3 is a number in YAML, `2c` is text. */
const communityVersions = z.literal([1, '1', '2c']).transform((version) => (version === '2c' ? '2c' : '1'));

export const CredentialYaml = z.discriminatedUnion('version', [
  z.strictObject({ id: Id, version: communityVersions, community: Secret }),
  z.strictObject({
    id: Id,
    version: z.literal([3, '3']).transform(() => '3' as const),
    user: Words,
    context: z.string().default(''),
    auth: z.strictObject({ protocol: z.enum(SNMP_AUTH_PROTOCOLS), key: Secret }).optional(),
    privacy: z.strictObject({ protocol: z.enum(SNMP_PRIVACY_PROTOCOLS), key: Secret }).optional(),
  }),
]);
export type CredentialYaml = z.infer<typeof CredentialYaml>;
