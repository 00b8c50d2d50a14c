import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type CutFamily, cutLines, namespaceLines, restoreLines, settingsScript } from './commands.ts';
import { type BatchStep, type CommandResult, ipBatch, ipTimed, type Moment, must, run } from './ip.ts';
import { CENTRE, DEFAULT_LAYOUT, type LabLayout, type LabLink, type LabObject, type LabPlan, planLab } from './plan.ts';
import type { LabEvent } from './truth.ts';

/** The wire between the test and the product inside the centre: not part of the network under watch, and never cut. */
export interface Management {
  /** Address of the test's end, in the host's namespace: receivers listen here. */
  readonly host: string;
  /** Address of the centre's end: the product listens here. */
  readonly centre: string;
}

/** A network of namespaces that stands until `destroy`. Every cut and restoration is kept in `events`. */
export interface Lab {
  readonly plan: LabPlan;
  readonly management: Management;
  /** Everything done to the links so far, in order. */
  readonly events: readonly LabEvent[];
  object(id: string): LabObject;
  /** Takes links (all at one moment), or one family on them, away; what is sent over them vanishes without an answer. */
  cut(links: string | readonly string[], family?: CutFamily): Promise<Moment>;
  restore(links: string | readonly string[], family?: CutFamily): Promise<Moment>;
  /** Starts a program inside the centre; the caller ends it (what is left is killed by `destroy`). */
  execInCentre(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Runs a program inside the centre to its end. */
  runInCentre(command: string, args: readonly string[], input?: string): Promise<CommandResult>;
  /** Which of the addresses answer one echo request from the centre within `timeoutMs`. */
  ping(addresses: readonly string[], timeoutMs?: number): Promise<Set<string>>;
  destroy(): Promise<void>;
}

const NAME = /^btlab-(\d+)-([0-9a-f]+)-/;

function newPrefix(): string {
  return `btlab-${process.pid}-${randomBytes(3).toString('hex')}-`;
}

/** The host's end of a lab's management wire, from the name of any of the lab's namespaces. */
function managementDevice(namespace: string): string {
  return `bt${NAME.exec(namespace)?.[2] ?? ''}`;
}

async function existing(): Promise<string[]> {
  const listed = await must('ip', ['netns', 'list']);
  return listed.split('\n').flatMap((line) => line.split(' ')[0] || []);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function remove(namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    if (!namespace.endsWith(`-${CENTRE}`)) continue; // only the centre runs programs
    const pids = (await run('ip', ['netns', 'pids', namespace])).stdout.split('\n').filter(Boolean).map(Number);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it has ended by itself meanwhile
      }
    }
  }
  for (const namespace of namespaces) {
    // The kernel clears a namespace away some time after its name is gone; the host's end of the wire must not linger.
    if (namespace.endsWith(`-${CENTRE}`)) await run('ip', ['link', 'del', managementDevice(namespace)]);
    await run('ip', ['netns', 'del', namespace]);
  }
}

/** Removes the labs of processes that are gone (a test run that was killed). Gives how many namespaces that were. */
export async function destroyStale(): Promise<number> {
  const stale = (await existing()).filter((name) => {
    const owner = NAME.exec(name)?.[1];
    return owner !== undefined && !alive(Number(owner));
  });
  await remove(stale);
  return stale.length;
}

async function requireRights(): Promise<void> {
  const name = `${newPrefix()}probe`;
  const { code, stderr } = await run('ip', ['netns', 'add', name]);
  if (code !== 0) {
    throw new Error(
      `the network lab cannot make namespaces (${stderr.trim()}): run the tests as root, or with: ` +
        "unshare --user --map-root-user --net --mount sh -c 'mount -t tmpfs tmpfs /run && ip link set lo up && scripts/test'",
    );
  }
  await must('ip', ['netns', 'del', name]);
}

/** Up to eight at a time: each is a short process, and the machine has few cores. */
async function forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** A /30 of 198.18.0.0/15 (set aside for tests, RFC 2544); by chance, as the kernel refuses no overlap between devices. */
function chooseManagement(): Management {
  const bits = randomBytes(3);
  const block = `198.${18 + ((bits[0] ?? 0) & 1)}.${bits[1] ?? 0}`;
  const base = (bits[2] ?? 0) & 0xfc;
  return { host: `${block}.${base + 1}`, centre: `${block}.${base + 2}` };
}

class NamespaceLab implements Lab {
  readonly plan: LabPlan;
  readonly management: Management = chooseManagement();
  readonly #prefix = newPrefix();
  readonly #events: LabEvent[] = [];
  readonly #links: ReadonlyMap<string, LabLink>;
  readonly #objects: ReadonlyMap<string, LabObject>;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(plan: LabPlan) {
    this.plan = plan;
    this.#links = new Map(plan.links.map((link) => [link.name, link]));
    this.#objects = new Map(plan.objects.map((object) => [object.id, object]));
  }

  get events(): readonly LabEvent[] {
    return this.#events;
  }

  async build(): Promise<void> {
    const { namespaces, links } = this.plan;
    await ipBatch(
      null,
      namespaces.map(({ name }) => `netns add ${this.#full(name)}`),
    );
    await forEach(namespaces, async (each) => {
      await must('ip', ['netns', 'exec', this.#full(each.name), 'sh', '-s'], settingsScript(each));
    });
    const wires = links.map(({ near, far, mac }) => {
      const here = `link add ${near.device} address ${mac.near} netns ${this.#full(near.namespace)}`;
      return `${here} type veth peer name ${far.device} address ${mac.far} netns ${this.#full(far.namespace)}`;
    });
    await ipBatch(null, [...wires, ...this.#managementWire()]);
    await forEach(namespaces, (each) => ipBatch(this.#full(each.name), namespaceLines(this.plan, each)));
    await ipBatch(this.#full(CENTRE), ['link set management up', `addr add ${this.management.centre}/30 dev management`]);
    await this.#untilWhole();
  }

  object(id: string): LabObject {
    const found = this.#objects.get(id);
    if (found === undefined) throw new Error(`the lab has no object ${id}`);
    return found;
  }

  cut(links: string | readonly string[], family: CutFamily = 'both'): Promise<Moment> {
    return this.#change('cut', links, family);
  }

  restore(links: string | readonly string[], family: CutFamily = 'both'): Promise<Moment> {
    return this.#change('restore', links, family);
  }

  execInCentre(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#full(CENTRE), command, ...args], options);
  }

  runInCentre(command: string, args: readonly string[], input = ''): Promise<CommandResult> {
    return run('ip', ['netns', 'exec', this.#full(CENTRE), command, ...args], input);
  }

  async ping(addresses: readonly string[], timeoutMs = 300): Promise<Set<string>> {
    const args = ['-q', '-C', '1', '-i', '1', '-t', String(timeoutMs), ...addresses];
    const { stdout, stderr } = await this.runInCentre('fping', args);
    const lines = `${stdout}\n${stderr}`.split('\n').map((line) => /^(\S+)\s+: ([\d.]+)$/.exec(line.trim()));
    return new Set(lines.flatMap((match) => match?.[1] ?? []));
  }

  async destroy(): Promise<void> {
    await this.#changes.catch(() => undefined);
    await remove((await existing()).filter((name) => name.startsWith(this.#prefix)));
  }

  #full(namespace: string): string {
    return `${this.#prefix}${namespace}`;
  }

  #managementWire(): string[] {
    const device = managementDevice(this.#prefix);
    return [
      `link add ${device} type veth peer name management netns ${this.#full(CENTRE)}`,
      `addr add ${this.management.host}/30 dev ${device}`,
      `link set ${device} up`,
    ];
  }

  /** Changes are made one after another, so that `events` is in order of time. */
  #change(action: 'cut' | 'restore', links: string | readonly string[], family: CutFamily): Promise<Moment> {
    const names = typeof links === 'string' ? [links] : links;
    const made = this.#changes
      .catch(() => undefined)
      .then(async () => {
        const steps = names.flatMap((name) => this.#steps(action, name, family));
        const moment = await ipTimed(steps);
        for (const link of names) {
          for (const each of family === 'both' ? ([4, 6] as const) : [family]) {
            this.#events.push({ link, family: each, action, moment });
          }
        }
        return moment;
      });
    this.#changes = made;
    return made;
  }

  #steps(action: 'cut' | 'restore', name: string, family: CutFamily): BatchStep[] {
    const link = this.#links.get(name);
    if (link === undefined) throw new Error(`the lab has no link ${name}`);
    const { near, far } = action === 'cut' ? cutLines(link, family) : restoreLines(link, family);
    return [
      { namespace: this.#full(link.near.namespace), lines: near },
      { namespace: this.#full(link.far.namespace), lines: far },
    ];
  }

  /** A new veth needs a moment before IPv6 works over it; nobody may take that for an outage. */
  async #untilWhole(): Promise<void> {
    const addresses = [this.plan.anchor, ...this.plan.objects.map((object) => object.address)].flatMap(({ v4, v6 }) => [v4, v6]);
    let missing = addresses;
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
      const answered = await this.ping(missing);
      missing = missing.filter((address) => !answered.has(address));
      if (missing.length === 0) return;
    }
    throw new Error(`the lab was built, but these addresses do not answer: ${missing.join(', ')}`);
  }
}

/** Builds a network of the given size, whole and answering in both families. Labs of dead processes are removed first. */
export async function createLab(layout: Partial<LabLayout> = {}): Promise<Lab> {
  await requireRights();
  await destroyStale();
  const lab = new NamespaceLab(planLab({ ...DEFAULT_LAYOUT, ...layout }));
  try {
    await lab.build();
  } catch (error) {
    await lab.destroy();
    throw error;
  }
  return lab;
}
