/** Where the demo's network stands: a network namespace of its own beside this host, or, without the rights for one, the loopback. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Ground, Place } from './network.ts';

/** A ground that has been made, and what can be done on it. */
export interface Standing {
  readonly ground: Ground;
  /** What agents are started under. */
  readonly command: readonly string[];
  /** Gives the network its addresses. */
  raise(places: readonly Place[]): Promise<void>;
  /** Takes the addresses of some places away, so that nothing answers there, and gives those of others back. */
  change(down: readonly Place[], up: readonly Place[]): Promise<void>;
  /** Leaves nothing behind. */
  clear(): Promise<void>;
}

// 198.18.0.0/15 is set aside for tests of networks (RFC 2544), fd00::/8 for everybody's own use.
const V4 = '198.19';
const V6 = 'fd19:5eed';
const NAME = /^btdemo-(\d+)$/;

/** Makes the ground; `tell` is told, loudly, when it has to be the loopback. */
export async function makeGround(tell: (zh: string, en: string) => void): Promise<Standing> {
  await clearStale();
  const name = `btdemo-${process.pid}`;
  if ((await ip(['netns', 'add', name])).code !== 0) {
    tell(
      '没有网络命名空间权限（需 root）：只用本机回环地址，ICMP 目标不会中断，故障仅来自 SNMP',
      'no right to make a network namespace (needs root): on the loopback alone no ICMP target ever fails; faults are those of SNMP only',
    );
    return LOOPBACK;
  }
  try {
    return await makeNamespace(name);
  } catch (error) {
    await ip(['netns', 'del', name]);
    throw error;
  }
}

const LOOPBACK: Standing = {
  ground: { kind: 'loopback', v4: '127.77', v6: null, anchors: ['127.77.255.1'], snmpPort: 10_161 },
  command: [],
  raise: async () => undefined,
  change: async () => undefined,
  clear: async () => undefined,
};

async function makeNamespace(name: string): Promise<Standing> {
  const { stdout } = await ip(['route', 'get', `${V4}.1.1`]);
  if (stdout.includes('dev btd')) throw new Error('another demo runs on this host: end that one first');
  const v6 = existsSync('/proc/net/if_inet6') ? V6 : null;
  const device = `btd${process.pid}`;
  await must([
    `link add ${device} type veth peer name world netns ${name}`,
    `addr add ${V4}.255.1/24 dev ${device}`,
    ...(v6 === null ? [] : [`addr add ${v6}:ffff::1/64 dev ${device} nodad`]),
    `link set ${device} up`,
  ]);
  await must(
    [
      'link set lo up',
      `addr add ${V4}.255.2/24 dev world`,
      ...(v6 === null ? [] : [`addr add ${v6}:ffff::2/64 dev world nodad`]),
      'link set world up',
      `route add default via ${V4}.255.1`,
      ...(v6 === null ? [] : [`route add default via ${v6}:ffff::1 dev world`]),
    ],
    name,
  );
  await must([`route add ${V4}.0.0/17 via ${V4}.255.2`, ...(v6 === null ? [] : [`route add ${v6}::/33 via ${v6}:ffff::2 dev ${device}`])]);
  const lines = (verb: 'replace' | 'del', places: readonly Place[]) =>
    places.flatMap((place) => [
      `addr ${verb} ${place.v4}/32 dev lo`,
      ...(place.v6 === null ? [] : [`addr ${verb} ${place.v6}/128 dev lo${verb === 'del' ? '' : ' nodad'}`]),
    ]);
  return {
    ground: { kind: 'namespace', v4: V4, v6, anchors: [`${V4}.255.2`, ...(v6 === null ? [] : [`${v6}:ffff::2`])], snmpPort: 161 },
    command: ['ip', 'netns', 'exec', name],
    raise: (places) => must(lines('replace', places), name),
    change: (down, up) => must([...lines('del', down), ...lines('replace', up)], name),
    async clear() {
      await ip(['link', 'del', device]);
      await ip(['netns', 'del', name]);
    },
  };
}

/** Takes away what a demo left that was killed. */
async function clearStale(): Promise<void> {
  const { stdout } = await ip(['netns', 'list']);
  for (const line of stdout.split('\n')) {
    const pid = NAME.exec(line.split(' ')[0] ?? '')?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await ip(['link', 'del', `btd${pid}`]);
    await ip(['netns', 'del', `btdemo-${pid}`]);
  }
}

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ip(args: readonly string[], input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    child.stdin.on('error', () => undefined);
    // A system without `ip` cannot make namespaces either.
    child.on('error', (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

async function must(lines: readonly string[], namespace?: string): Promise<void> {
  if (lines.length === 0) return;
  const { code, stderr } = await ip([...(namespace === undefined ? [] : ['-n', namespace]), '-batch', '-'], `${lines.join('\n')}\n`);
  if (code !== 0) throw new Error(`the demo's network could not be changed: ${stderr.trim()}`);
}
