/** A network namespace a node, one wire between each and the node above, and a wire from each to the test that is never cut. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type CommandResult, ipBatch, ipTimed, type Moment, must, run } from '../ip.ts';
import { planLinks, type TierLink, type TierNode } from './tiers.ts';

const PREFIX = /^btfed-(\d+)-([0-9a-f]+)-/;

export interface FederationNetwork {
  readonly links: readonly TierLink[];
  /** The two ends of the wire between the test and a node: the test's, and the node's. */
  management(node: string): { readonly host: string; readonly node: string };
  /** The line of a node to the one above. */
  link(child: string): TierLink;
  /** Takes the lines of these nodes to the ones above away, all at one moment. */
  cut(children: readonly string[]): Promise<Moment>;
  restore(children: readonly string[]): Promise<Moment>;
  /** Starts a program in a node's namespace. */
  exec(node: string, command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  run(node: string, command: string, args: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  /** Kills what still runs in the namespaces, and removes them. */
  destroy(): Promise<void>;
}

/** Builds the network; it takes a second. */
export async function createFederationNetwork(nodes: readonly TierNode[]): Promise<FederationNetwork> {
  await removeOf((pid) => !isAlive(pid));
  const network = new Namespaces(nodes);
  try {
    await network.build();
    return network;
  } catch (error) {
    await network.destroy();
    throw error;
  }
}

class Namespaces implements FederationNetwork {
  readonly links: readonly TierLink[];
  readonly #nodes: readonly string[];
  readonly #mark = randomBytes(3).toString('hex');
  /** A /24 of 198.18.0.0/15 (set aside for tests, RFC 2544), a /30 of it a node. */
  readonly #block = `198.19.${randomBytes(1)[0]}`;

  constructor(nodes: readonly TierNode[]) {
    this.links = planLinks(nodes);
    this.#nodes = nodes.map(({ id }) => id);
  }

  async build(): Promise<void> {
    await ipBatch(
      null,
      this.#nodes.map((node) => `netns add ${this.#full(node)}`),
    );
    await ipBatch(null, [
      ...this.links.map(
        ({ child, parent }) => `link add to-${child} netns ${this.#full(parent)} type veth peer name parent netns ${this.#full(child)}`,
      ),
      ...this.#nodes.flatMap((node) => [
        `link add ${this.#wire(node)} type veth peer name management netns ${this.#full(node)}`,
        `addr add ${this.management(node).host}/30 dev ${this.#wire(node)}`,
        `link set ${this.#wire(node)} up`,
      ]),
    ]);
    for (const node of this.#nodes) await ipBatch(this.#full(node), this.#linesOf(node));
  }

  management(node: string): { readonly host: string; readonly node: string } {
    const base = 4 * this.#nodes.indexOf(node);
    return { host: `${this.#block}.${base + 1}`, node: `${this.#block}.${base + 2}` };
  }

  link(child: string): TierLink {
    const found = this.links.find((link) => link.child === child);
    if (found === undefined) throw new Error(`${child} reports to nobody`);
    return found;
  }

  cut(children: readonly string[]): Promise<Moment> {
    return this.#set(children, 'down');
  }

  restore(children: readonly string[]): Promise<Moment> {
    return this.#set(children, 'up');
  }

  exec(node: string, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#full(node), command, ...args], options);
  }

  run(node: string, command: string, args: readonly string[], timeoutMs = 60_000): Promise<CommandResult> {
    return run('ip', ['netns', 'exec', this.#full(node), command, ...args], '', timeoutMs);
  }

  destroy(): Promise<void> {
    return removeOf((_pid, mark) => mark === this.#mark);
  }

  #set(children: readonly string[], to: 'up' | 'down'): Promise<Moment> {
    return ipTimed(children.map((child) => ({ namespace: this.#full(this.link(child).parent), lines: [`link set to-${child} ${to}`] })));
  }

  #linesOf(node: string): string[] {
    const above = this.links.find(({ child }) => child === node);
    return [
      'link set lo up',
      'link set management up',
      `addr add ${this.management(node).node}/30 dev management`,
      ...(above === undefined ? [] : ['link set parent up', `addr add ${above.below}/30 dev parent`]),
      ...this.links
        .filter(({ parent }) => parent === node)
        .flatMap(({ child, above: address }) => [`link set to-${child} up`, `addr add ${address}/30 dev to-${child}`]),
    ];
  }

  #full(node: string): string {
    return `btfed-${process.pid}-${this.#mark}-${node}`;
  }

  #wire(node: string): string {
    return `bf${this.#mark}n${this.#nodes.indexOf(node)}`;
  }
}

/** Removes the namespaces whose owner (a process) and mark are as asked. The wires go with them. */
async function removeOf(wanted: (owner: number, mark: string) => boolean): Promise<void> {
  const listed = await must('ip', ['netns', 'list']);
  const names = listed.split('\n').flatMap((line) => line.split(' ')[0] || []);
  for (const name of names) {
    const [, owner, mark] = PREFIX.exec(name) ?? [];
    if (owner === undefined || mark === undefined || !wanted(Number(owner), mark)) continue;
    const pids = (await run('ip', ['netns', 'pids', name])).stdout.split('\n').filter(Boolean).map(Number);
    for (const pid of pids) kill(pid);
    await run('ip', ['-n', name, 'link', 'del', 'management']);
    await run('ip', ['netns', 'del', name]);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
