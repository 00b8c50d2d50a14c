/** The agent on the network: a socket a device, and how a bad one sends its answers. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { answer } from './answer.ts';
import { BerError, BerWriter } from './ber.ts';
import { AgentDevice, type AgentMutators } from './device.ts';
import type { AgentDeviceOptions } from './device-options.ts';
import type { Hostility } from './hostility.ts';
import { parseRequest } from './message.ts';

/** Where an agent listens. */
export interface AgentBinding {
  /** 127.0.0.1 unless told; `::1` or any other address of this machine. */
  readonly address?: string;
  /** A free one unless told. */
  readonly port?: number;
}

/** What an agent has met. */
export interface AgentStatistics {
  readonly requests: number;
  readonly answers: number;
  /** Datagrams that were no request of v1 or v2c, and requests with another community. */
  readonly refused: number;
}

/** An agent that runs in this process. */
export interface SnmpAgent {
  readonly address: string;
  readonly port: number;
  readonly device: AgentMutators;
  statistics(): AgentStatistics;
  stop(): Promise<void>;
}

const HOLD_MS = 1_000;
/** An address is what it says: nothing is ever looked up. */
const lookup = (name: string, _options: unknown, done: (error: null, address: string, family: number) => void) =>
  done(null, name, isIPv6(name) ? 6 : 4);

/** One writer for every agent of the process: an answer is copied out of it before the next is begun. */
const writer = new BerWriter();

class RunningAgent implements SnmpAgent {
  readonly device: AgentDevice;
  readonly #now: () => number;
  #socket: Socket | null = null;
  #other: Socket | null = null;
  #held: (() => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #counts = { requests: 0, answers: 0, refused: 0 };
  #bound = { address: '', port: 0 };

  constructor(options: AgentDeviceOptions, now: () => number) {
    this.device = new AgentDevice(options, now);
    this.#now = now;
  }

  get address(): string {
    return this.#bound.address;
  }

  get port(): number {
    return this.#bound.port;
  }

  statistics(): AgentStatistics {
    return { ...this.#counts };
  }

  async start({ address = '127.0.0.1', port = 0 }: AgentBinding): Promise<void> {
    const socket = newSocket(isIPv6(address)).on('message', (bytes, from) => this.#receive(bytes, from));
    this.#socket = socket;
    await bind(socket, address, port);
    this.#bound = socket.address();
    this.#other = newSocket(isIPv6(address));
    await bind(this.#other, address, 0);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#held = [];
    const sockets = [this.#socket, this.#other];
    this.#socket = null;
    this.#other = null;
    await Promise.all(sockets.map((socket) => socket && new Promise<void>((done) => socket.close(() => done()))));
  }

  #receive(bytes: Buffer, from: RemoteInfo): void {
    const { hostile } = this.device;
    const { requests } = this.#counts;
    this.#counts.requests++;
    if (hostile.silent || (hostile.loseEvery !== undefined && (requests + 1) % hostile.loseEvery === 0)) return;
    const datagram = this.#answer(bytes);
    if (datagram === null) return;
    const send = () => this.#send(datagram, from);
    if (hostile.reverse !== undefined) this.#hold(send, hostile.reverse);
    else if (hostile.delayMs !== undefined) this.#later(send, hostile.delayMs);
    else send();
  }

  #answer(bytes: Buffer): Uint8Array | null {
    const { hostile } = this.device;
    try {
      const request = parseRequest(bytes);
      if (request !== null && answer(this.device, request, this.#now(), writer)) return bent(writer.written(), hostile);
      if (request?.community === this.device.community) return null;
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
    }
    this.#counts.refused++;
    return null;
  }

  #send(datagram: Uint8Array, { address, port }: RemoteInfo): void {
    const { otherPort, twice } = this.device.hostile;
    const socket = otherPort ? this.#other : this.#socket;
    // Who asked may be gone by now, which a datagram's sender learns as an error: nothing to do about it.
    for (let times = twice ? 2 : 1; times > 0; times--) socket?.send(datagram, port, address, () => {});
    this.#counts.answers++;
  }

  #hold(send: () => void, count: number): void {
    this.#held.unshift(send);
    if (this.#held.length >= count) this.#release();
    else if (this.#held.length === 1) this.#later(() => this.#release(), HOLD_MS);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const send of held) send();
  }

  #later(act: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

function bent(written: Uint8Array, { garbage, truncate }: Hostility): Uint8Array {
  if (garbage) return Uint8Array.from({ length: Math.max(1, written.length) }, (_, i) => (i * 151 + 0x9b) & 0xff);
  return written.slice(0, truncate);
}

function newSocket(ipv6: boolean): Socket {
  return createSocket({ type: ipv6 ? 'udp6' : 'udp4', lookup: lookup as never, recvBufferSize: 1 << 20, sendBufferSize: 1 << 20 });
}

function bind(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve();
    });
  });
}

/**
 * Starts an agent in this process. It reads the time from `now` (the machine's unless told), so a test can move uptime and
 * counters as it likes. Rejects when the port is taken or the recording cannot be read.
 */
export async function startSnmpAgent(
  options: AgentDeviceOptions & AgentBinding & { readonly now?: () => number } = {},
): Promise<SnmpAgent> {
  const { now = Date.now, address, port, ...device } = options;
  const agent = new RunningAgent(device, now);
  try {
    await agent.start({ ...(address === undefined ? {} : { address }), ...(port === undefined ? {} : { port }) });
  } catch (error) {
    await agent.stop();
    throw error;
  }
  return agent;
}
