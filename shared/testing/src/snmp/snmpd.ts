/** Net-SNMP's agent, `snmpd`, as a private child: the real thing beside the agent that we wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '@beacontower/runtime';
import { waitFor } from '../wait.ts';

/** A user of SNMPv3. Without `auth` noAuthNoPriv, without `privacy` authNoPriv. Keys are at least eight characters. */
export interface SnmpdUser {
  readonly name: string;
  readonly auth?: { readonly protocol: 'MD5' | 'SHA' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512'; readonly key: string };
  readonly privacy?: { readonly protocol: 'DES' | 'AES' | 'AES-192' | 'AES-256'; readonly key: string };
}

export interface SnmpdOptions {
  /** Addresses to listen on; 127.0.0.1 and ::1 unless told. */
  readonly listen?: readonly string[];
  /** A free one of 127.0.0.1 unless told. */
  readonly port?: number;
  /** Community of v1 and v2c; `public` unless told. */
  readonly community?: string;
  readonly users?: readonly SnmpdUser[];
  /** Hexadecimal; one of net-snmp's own making unless told. */
  readonly engineId?: string;
  readonly sysName?: string;
  /** Runs it under something else, such as `['ip', 'netns', 'exec', 'lab']`. */
  readonly command?: readonly string[];
}

/** A running `snmpd`. */
export interface Snmpd {
  readonly port: number;
  readonly community: string;
  readonly pid: number;
  /** Ends it; its boots and users stay for `start`. */
  halt(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again after `halt`: its boots go up by one, or begin again when `forget` is set; with another engine id if told. */
  start(changes?: { readonly engineId?: string; readonly forget?: boolean }): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

function configuration({ community = 'public', users = [], engineId, sysName = 'snmpd-of-tests' }: SnmpdOptions): string {
  const created = users.flatMap(({ name, auth, privacy }) => {
    const level = auth === undefined ? 'noauth' : privacy === undefined ? 'auth' : 'priv';
    const keys = [auth, privacy].flatMap((each) => (each === undefined ? [] : [each.protocol, `"${each.key}"`]));
    return [['createUser', name, ...keys].join(' '), `rouser ${name} ${level}`];
  });
  return [
    ...(engineId === undefined ? [] : [`exactEngineID 0x${engineId}`]),
    `rocommunity ${community} default`,
    `rocommunity6 ${community} default`,
    ...created,
    `sysName ${sysName}`,
    'sysLocation nowhere',
    'sysContact nobody',
    '',
  ].join('\n');
}

class PrivateSnmpd implements Snmpd {
  readonly port: number;
  readonly community: string;
  #options: SnmpdOptions;
  readonly #directory = mkdtempSync(join(tmpdir(), 'bt-snmpd-'));
  #child: ChildProcess | null = null;

  constructor(options: SnmpdOptions, port: number) {
    this.#options = options;
    this.port = port;
    this.community = options.community ?? 'public';
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start({ engineId, forget = false }: { readonly engineId?: string; readonly forget?: boolean } = {}): Promise<void> {
    await this.halt();
    if (engineId !== undefined) this.#options = { ...this.#options, engineId };
    const persistent = join(this.#directory, 'persistent');
    if (forget) rmSync(persistent, { recursive: true, force: true });
    mkdirSync(persistent, { recursive: true });
    // Found by SNMPCONFPATH, which must name the persistent directory too or the boots are not read again.
    writeFileSync(join(this.#directory, 'snmpd.conf'), configuration(this.#options), { mode: 0o600 });
    const { listen = ['127.0.0.1', '::1'], command = [] } = this.#options;
    const where = listen.map((address) => (isIPv6(address) ? `udp6:[${address}]:${this.port}` : `udp:${address}:${this.port}`));
    const [program = '', ...args] = [...command, 'snmpd', '-f', '-Lo', '-r', '-I', '-smux', ...where];
    const { searchPath } = readEnvironment();
    const env = {
      PATH: `${searchPath}:/usr/sbin:/sbin`,
      SNMP_PERSISTENT_DIR: persistent,
      SNMPCONFPATH: `${this.#directory}:${persistent}`,
      MIBS: '',
    };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString('utf8')).slice(-4_000);
      });
    }
    child.on('error', (error) => {
      output += error.message;
    });
    const running = () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return 'ended';
      return output.includes('NET-SNMP version') && 'listens';
    };
    if ((await waitFor(running, { timeoutMs: 15_000, what: 'snmpd to listen' })) === 'ended')
      throw new Error(`snmpd did not start:\n${output}`);
  }

  async halt(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(late);
  }

  async stop(): Promise<void> {
    await this.halt('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Starts a private `snmpd` (v1, v2c, and v3 for its users) with files of its own. Rejects with what it wrote when it does not start. */
export async function startSnmpd(options: SnmpdOptions = {}): Promise<Snmpd> {
  const snmpd = new PrivateSnmpd(options, options.port ?? (await freeUdpPort()));
  await snmpd.start().catch(async (error: unknown) => {
    await snmpd.stop();
    throw error;
  });
  return snmpd;
}
