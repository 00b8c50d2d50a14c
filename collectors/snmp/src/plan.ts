import { isIPv6 } from 'node:net';
import { credentialContext, SnmpSecret, type SnmpShardPlan } from '@beacontower/contracts';
import type { NamedInterface } from './ends.ts';

/** What opens sealed credentials: a part of the runtime's `Sealer`. */
export interface Opener {
  /** Throws when what is given was not sealed with this node's key. */
  open(sealed: string, context: string): string;
}

/** One device of a plan in the form a round wants it. */
export interface PlannedDevice {
  readonly device: string;
  readonly address: string;
  readonly port: number;
  readonly isV6: boolean;
  readonly version: '1' | '2c' | '3';
  /** Null: the credential does not open. */
  readonly secret: SnmpSecret | null;
  /** Changes when the device must be talked to anew. */
  readonly identity: string;
  readonly timeoutMs: number;
  readonly retries: number;
  /** Key of the agent's check; null: only some interfaces are looked at. */
  readonly check: number | null;
  readonly digest: string | null;
  readonly interfaces: readonly NamedInterface[];
  /** Check keys by the name of their interface: mostly one. */
  readonly checksOfName: ReadonlyMap<string, readonly number[]>;
}

/** A plan with its credentials opened. Never logged. */
export interface CompiledPlan {
  readonly plan: SnmpShardPlan;
  readonly devices: readonly PlannedDevice[];
  /** Check key (of an agent or an interface) → position in `devices`. */
  readonly deviceOfCheck: ReadonlyMap<number, number>;
}

/** Opens the plan's credentials, each once, and finds what a round looks up often. */
export function compilePlan(plan: SnmpShardPlan, opener: Opener): CompiledPlan {
  const secrets = plan.credentials.map(({ id, sealed }) => openSecret(opener, id, sealed));
  const deviceOfCheck = new Map<number, number>();
  const devices = plan.devices.map((given, position): PlannedDevice => {
    const credential = plan.credentials[given.credential];
    const policy = plan.policies[given.policy];
    if (!credential || !policy) throw new Error(`plan of shard ${plan.shard}: "${given.device}" has no credential or no policy`);
    if (given.check !== null) deviceOfCheck.set(given.check, position);
    for (const { check } of given.interfaces) deviceOfCheck.set(check, position);
    return {
      ...given,
      isV6: isIPv6(given.address),
      version: credential.version,
      secret: secrets[given.credential] ?? null,
      identity: `${given.address} ${given.port} ${credential.id} ${credential.sealed} ${given.check === null ? 'ends' : 'whole'}`,
      timeoutMs: policy.timeoutMs,
      retries: policy.retries,
      checksOfName: checksByName(given.interfaces),
    };
  });
  return { plan, devices, deviceOfCheck };
}

function checksByName(interfaces: readonly NamedInterface[]): Map<string, number[]> {
  const checks = new Map<string, number[]>();
  for (const { check, name } of interfaces) {
    const known = checks.get(name);
    if (known) known.push(check);
    else checks.set(name, [check]);
  }
  return checks;
}

function openSecret(opener: Opener, id: string, sealed: string): SnmpSecret | null {
  try {
    const parsed = SnmpSecret.safeParse(JSON.parse(opener.open(sealed, credentialContext(id))));
    return parsed.success ? parsed.data : null;
  } catch {
    // Whatever was wrong with it, its words might quote the secret.
    return null;
  }
}
