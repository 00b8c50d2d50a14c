/** The stream `devices`: interface tables that differ from what the plan says, as the one discovery reads them. */
import { DeviceSeen } from '@beacontower/contracts';
import type { Redis } from 'ioredis';
import { unpackValue } from './codec.ts';
import type { Keys } from './keys.ts';
import { messageOf, type RawRow } from './streams.ts';

/** One entry of the stream. `seen` is null when it is not what it should be: count it and go on. */
export interface DeviceRecord {
  readonly id: string;
  readonly seen: DeviceSeen | null;
}

/** Up to `count` entries after `after` ("0" for the beginning), in order. */
export async function readDevices(redis: Redis, keys: Keys, after: string, count: number): Promise<DeviceRecord[]> {
  const rows = (await redis.xrangeBuffer(keys.devices, `(${after}`, '+', 'COUNT', count)) as unknown as RawRow[];
  return rows.map(([id, fields]) => ({ id: String(id), seen: tryDecode(messageOf(fields)) }));
}

/** Removes the entries up to and with `id`, to the last: one left behind would be taken for news after a restart. */
export async function forgetDevices(redis: Redis, keys: Keys, id: string): Promise<void> {
  const [ms = '0', number = '0'] = id.split('-');
  await redis.xtrim(keys.devices, 'MINID', '=', `${ms}-${BigInt(number) + 1n}`);
}

function tryDecode(bytes: Buffer | undefined): DeviceSeen | null {
  if (!bytes) return null;
  try {
    return DeviceSeen.parse(unpackValue(bytes));
  } catch {
    return null;
  }
}
