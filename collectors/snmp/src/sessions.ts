import type { SnmpSecret } from '@beacontower/contracts';
import { DeviceMemory } from './memory.ts';
import type { PlannedDevice } from './plan.ts';
import type { SnmpTransport } from './wire/port.ts';

/** What is remembered of every device, by shard: it goes with its shard, its plan, its address or its credential. */
export class Sessions {
  readonly #transport: SnmpTransport;
  readonly #namesEveryMs: number;
  readonly #shards = new Map<string, { version: number; devices: Map<string, DeviceMemory> }>();
  #count = 0;

  constructor(transport: SnmpTransport, namesEveryMs: number) {
    this.#transport = transport;
    this.#namesEveryMs = namesEveryMs;
  }

  get count(): number {
    return this.#count;
  }

  /** The memory of a device, made anew when it is to be talked to otherwise than before. */
  get(shard: string, planned: PlannedDevice, secret: SnmpSecret): DeviceMemory {
    const devices = this.#of(shard).devices;
    const known = devices.get(planned.device);
    if (known?.identity === planned.identity) return known;
    if (known) this.#forget(devices, planned.device, known);
    const { address, port, version } = planned;
    const conversation = this.#transport.conversation({ address, port, secret });
    const memory = new DeviceMemory(conversation, planned.identity, { address, port, version }, this.#namesEveryMs);
    devices.set(planned.device, memory);
    this.#count++;
    return memory;
  }

  /** Whether a device answered when it was last asked. */
  answers(shard: string, device: string): boolean {
    return this.#shards.get(shard)?.devices.get(device)?.standing === 'answers';
  }

  /** Forgets devices that a newer plan of the shard no longer has. */
  follow(shard: string, version: number, devices: readonly PlannedDevice[]): void {
    const known = this.#of(shard);
    if (known.version === version) return;
    known.version = version;
    const planned = new Set(devices.map(({ device }) => device));
    for (const [device, memory] of known.devices) if (!planned.has(device)) this.#forget(known.devices, device, memory);
  }

  /** Forgets shards that are no more. */
  keepOnly(shards: ReadonlySet<string>): void {
    for (const [shard, { devices }] of this.#shards) {
      if (shards.has(shard)) continue;
      for (const [device, memory] of devices) this.#forget(devices, device, memory);
      this.#shards.delete(shard);
    }
  }

  #of(shard: string) {
    let known = this.#shards.get(shard);
    if (!known) {
      known = { version: 0, devices: new Map() };
      this.#shards.set(shard, known);
    }
    return known;
  }

  /** A poll under way ends by itself: its conversation is ended only then. */
  #forget(devices: Map<string, DeviceMemory>, device: string, memory: DeviceMemory): void {
    devices.delete(device);
    this.#count--;
    const end = () => memory.conversation.end();
    memory.busy.then(end, end);
  }
}
