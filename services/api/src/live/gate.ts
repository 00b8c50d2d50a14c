import { type Callers, type Database, readCallersLeft } from '@beacontower/database';
import { type Clock, type Logger, Loop } from '@beacontower/runtime';
import type { Caller, Principal, RouteContext } from '../context.ts';
import { BOOTSTRAP_ID } from '../http/auth.ts';

/** How often it is asked who has been shown out, ms: in one question for all. */
const LOOK_MS = 2_000;
/** How often each is looked at in full: whose session is over by time has been away for many minutes. */
const FULL_MS = 60_000;
const MOST_A_PASS = 100;

export interface GateDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resolvePrincipal: RouteContext['resolvePrincipal'];
  readonly lookMs?: number;
}

/** A session or token, with what its streams do when it is over. */
interface Guest {
  readonly kind: keyof Callers;
  readonly id: string;
  readonly caller: Caller;
  readonly leaves: Set<() => void>;
  lookedAt: number;
}

/** Watches that those who follow live events still may: however many there are, and however many streams each of them has. */
export class LiveGate {
  readonly #deps: GateDeps;
  readonly #guests = new Map<string, Guest>();
  readonly #loop: Loop;

  constructor(deps: GateDeps) {
    this.#deps = deps;
    this.#loop = new Loop({ name: 'live-gate', logger: deps.logger, pauseMs: deps.lookMs ?? LOOK_MS, pass: () => this.#pass() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Has `leave` called once the caller may not follow any more. The returned function ends that. */
  watch(principal: Principal, caller: Caller, leave: () => void): () => void {
    const id = principal.session?.id ?? principal.id;
    // The bootstrap's token is as long as the process.
    if (id === BOOTSTRAP_ID) return () => undefined;
    const guest = this.#guests.get(id) ?? this.#welcome(id, principal, caller);
    guest.leaves.add(leave);
    return () => {
      guest.leaves.delete(leave);
      if (guest.leaves.size === 0) this.#guests.delete(id);
    };
  }

  #welcome(id: string, principal: Principal, { headers, protocol }: Caller): Guest {
    const { authorization, cookie } = headers;
    const guest: Guest = {
      kind: principal.session ? 'sessions' : 'tokens',
      id,
      caller: {
        headers: { ...(authorization === undefined ? {} : { authorization }), ...(cookie === undefined ? {} : { cookie }) },
        protocol,
      },
      leaves: new Set(),
      lookedAt: this.#deps.clock.monotonic(),
    };
    this.#guests.set(id, guest);
    return guest;
  }

  async #pass(): Promise<'pause'> {
    const guests = [...this.#guests.values()];
    if (guests.length === 0) return 'pause';
    const { database, clock, resolvePrincipal } = this.#deps;
    const ids = (wanted: Guest['kind']) => guests.filter(({ kind }) => kind === wanted).map(({ id }) => id);
    const left = await readCallersLeft(database, { sessions: ids('sessions'), tokens: ids('tokens') }, clock.now());
    for (const guest of guests) if (!left.has(guest.id)) showOut(guest);
    const now = clock.monotonic();
    const due = guests.filter(({ id, lookedAt }) => left.has(id) && now - lookedAt >= FULL_MS);
    for (const guest of due.slice(0, MOST_A_PASS)) {
      guest.lookedAt = now;
      if ((await resolvePrincipal(guest.caller)) === null) showOut(guest);
    }
    return 'pause';
  }
}

function showOut({ leaves }: Guest): void {
  for (const leave of [...leaves]) leave();
}
