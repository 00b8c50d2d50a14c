/** Makes the faults so: the ground's addresses and the agents' devices follow what is wrong at each moment. */
import type { AgentOrder, RemoteAgent } from '@beacontower/testing';
import type { Fault } from './faults.ts';
import type { Standing } from './ground.ts';
import type { Network } from './network.ts';

type Interface = Fault['interfaces'][number];
const keyOf = ({ device, name }: Interface) => `${device} ${name}`;
const BUSY = { inBps: 4e9, outBps: 3e9, noise: 0.2 };
const ERRORS_A_SECOND = 40;

/** What is wrong is counted, since two faults may have one thing in common: it is well again when none of them has it any more. */
class Troubles {
  readonly #counts = new Map<string, number>();

  /** True when the thing has just gone wrong, or has just become well. */
  change(key: string, isWrong: boolean): boolean {
    const before = this.#counts.get(key) ?? 0;
    const after = Math.max(0, before + (isWrong ? 1 : -1));
    this.#counts.set(key, after);
    return (before === 0) !== (after === 0);
  }
}

export class World {
  readonly #standing: Standing;
  readonly #network: Network;
  readonly #agents: ReadonlyMap<string, RemoteAgent>;
  readonly #places = new Troubles();
  readonly #interfaces = new Troubles();
  readonly #silent = new Troubles();
  readonly #errors = new Troubles();
  /** Changes are made one after another. */
  #changing: Promise<void> = Promise.resolve();

  constructor(standing: Standing, network: Network, agents: readonly RemoteAgent[]) {
    this.#standing = standing;
    this.#network = network;
    this.#agents = new Map(network.agents.map(({ id }, index) => [id, agents[index] as RemoteAgent]));
  }

  /** Makes a fault begin or end. */
  change(fault: Fault, isWrong: boolean): Promise<void> {
    this.#changing = this.#changing.then(() => this.#change(fault, isWrong));
    return this.#changing;
  }

  async #change(fault: Fault, isWrong: boolean): Promise<void> {
    const places = fault.places.filter((id) => this.#places.change(id, isWrong)).flatMap((id) => this.#network.places.get(id) ?? []);
    await this.#standing.change(isWrong ? places : [], isWrong ? [] : places);
    for (const each of fault.interfaces)
      if (this.#interfaces.change(keyOf(each), isWrong))
        await this.#device(each.device)?.setStatus(each.name, { oper: isWrong ? 'down' : 'up' });
    for (const device of fault.silent)
      if (this.#silent.change(device, isWrong)) await this.#device(device)?.setHostile(isWrong ? { silent: true } : {});
    for (const each of fault.errors)
      if (this.#errors.change(keyOf(each), isWrong))
        await this.#device(each.device)?.setTraffic(each.name, isWrong ? { ...BUSY, errors: ERRORS_A_SECOND } : BUSY);
    if (isWrong && fault.restarts !== null) await this.#device(fault.restarts)?.restart({ renumber: 'rotate' });
  }

  #device(id: string): RemoteAgent['device'] | undefined {
    return this.#agents.get(id)?.device;
  }
}

/** The agents' orders of a network. */
export function ordersOf(network: Network): AgentOrder[] {
  return network.agents.map(({ order }) => order);
}
