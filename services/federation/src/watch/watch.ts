import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { NodeChangeBody } from '@beacontower/contracts';
import {
  assertLeases,
  countNodeObjects,
  type Database,
  type Landing,
  type Lease,
  type LeasedWork,
  markHeard,
  markSilent,
  openLinkIncident,
  readLanding,
  readNodeLanguage,
  readWatchedLinks,
  resolveLinkIncident,
  saveLinkFacts,
  type Transaction,
  type Turn,
  tellNodeChange,
  type WatchedLink,
} from '@beacontower/database';
import { judgeLink, LINK_STATES, type LinkChange, linkState } from '@beacontower/domain';
import type { Clock, LoopResult } from '@beacontower/runtime';
import { factsOf, isLandingNews } from './facts.ts';
import type { WatchMetrics } from './metrics.ts';

export const WATCH_LEASE = 'federation-watch';
/** So many snapshots that do not come are silence, where nobody says otherwise. */
const MISSED_SNAPSHOTS = 5;
/** How often what is seen of the place of a silent node is looked at anew. */
const LOOK_EVERY_MS = 5_000;

export interface WatchOptions {
  readonly snapshotEveryMs: number;
  /** Longer without a message is silence; null: five snapshots. */
  readonly silenceMs?: number | null;
}

export interface WatchDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: WatchMetrics;
}

/**
 * Watches whether nodes below are heard, one process of the whole node at a time. A silent one is marked so, and one incident tells of it; both
 * end with its next message. Silence is counted only while somebody has been listening here all along: whoever was away himself says nothing.
 */
export class LinkWatch implements LeasedWork {
  readonly name = 'federation-watch';
  readonly lease = WATCH_LEASE;
  readonly pauseMs: number;
  readonly #afterMs: number;
  readonly #deps: WatchDependencies;
  #listeningSince: number | null = null;
  #passedAt = 0;
  #lookedAt = 0;
  /** How each link stood at the last pass. */
  #shown = new Map<string, string>();

  constructor({ snapshotEveryMs, silenceMs }: WatchOptions, deps: WatchDependencies) {
    this.#deps = deps;
    this.pauseMs = Math.min(1_000, snapshotEveryMs);
    // Fewer than two snapshots would be silence of a node that speaks as it is asked to.
    this.#afterMs = Math.max(silenceMs ?? MISSED_SNAPSHOTS * snapshotEveryMs, 2 * snapshotEveryMs);
  }

  forget(): void {
    this.#listeningSince = null;
    this.#shown = new Map();
  }

  async pass({ lease }: Pick<Turn, 'lease'>): Promise<LoopResult> {
    const { database, clock } = this.#deps;
    const now = clock.now();
    // A process that stood still, or a database that did, has heard nobody meanwhile.
    if (this.#listeningSince === null || now - this.#passedAt > this.#afterMs / 2) this.#listeningSince = now;
    this.#passedAt = now;
    const links = await readWatchedLinks(database);
    const rule = { afterMs: this.#afterMs, listeningSince: this.#listeningSince };
    for (const link of links) {
      const change = judgeLink(link, rule, now) ?? leftOver(link);
      if (change !== null) await this.#change(lease, link, change, { links, now });
    }
    if (now - this.#lookedAt >= LOOK_EVERY_MS) await this.#look(lease, links, now);
    await this.#show(links, now);
    return 'pause';
  }

  async #change(
    lease: Lease,
    link: WatchedLink,
    change: LinkChange,
    { links, now }: { readonly links: readonly WatchedLink[]; readonly now: number },
  ): Promise<void> {
    const { database, metrics } = this.#deps;
    const landing = change.change === 'silent' ? await readLanding(database, [link.division]) : [];
    const done = await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      return change.change === 'silent' ? this.#open(tx, link, change.since, { links, landing, now }) : this.#end(tx, link, change, now);
    });
    if (done) metrics.changes.inc({ change: change.change });
  }

  async #open(
    tx: Transaction,
    link: WatchedLink,
    since: number,
    { links, landing, now }: { readonly links: readonly WatchedLink[]; readonly landing: readonly Landing[]; readonly now: number },
  ): Promise<boolean> {
    const { node, division } = link;
    if (!(await markSilent(tx, node, since))) return false;
    await tellNodeChange(tx, { node, division, change: 'silent' }, now);
    const facts = factsOf(link, since, { afterMs: this.#afterMs, objects: await countNodeObjects(tx, node), links, landing });
    const language = await readNodeLanguage(tx);
    const of = landing[0]?.class ?? 'other';
    await openLinkIncident(tx, { id: randomUUID(), facts, division, class: of, severity: 'major', language, now });
    return true;
  }

  async #end(tx: Transaction, { node, division, incident }: WatchedLink, change: LinkChange, now: number): Promise<boolean> {
    await markHeard(tx, node);
    const isHeard = change.change === 'heard';
    // That it was put out was told by whoever did it.
    if (isHeard) await tellNodeChange(tx, { node, division, change: 'heard' }, now);
    const at = isHeard ? change.at : now;
    if (incident !== null) await resolveLinkIncident(tx, { id: incident, node, reason: isHeard ? 'recovered' : 'retired', at, now });
    return true;
  }

  /** What is said of silent nodes stays what is seen: of their landing devices, of the others, of why they are refused. */
  async #look(lease: Lease, links: readonly WatchedLink[], now: number): Promise<void> {
    const { database } = this.#deps;
    this.#lookedAt = now;
    const silent = links.filter(({ incident, silentSince }) => incident !== null && silentSince !== null);
    if (silent.length === 0) return;
    const landing = await readLanding(
      database,
      silent.map(({ division }) => division),
    );
    for (const link of silent) {
      const { incident, facts, silentSince } = link;
      if (incident === null || silentSince === null) continue;
      const seen = factsOf(link, silentSince, { afterMs: this.#afterMs, objects: facts?.objects ?? 0, links, landing });
      if (isDeepStrictEqual(facts, seen)) continue;
      await database.transaction(async (tx) => {
        await assertLeases(tx, [lease]);
        await saveLinkFacts(tx, incident, seen, { isNews: isLandingNews(facts, seen), now });
      });
    }
  }

  /** Tells the live stream and the metrics of what changed besides: catching up, and messages that are refused. */
  async #show(links: readonly WatchedLink[], now: number): Promise<void> {
    const { database, metrics } = this.#deps;
    const counts = new Map<string, number>(LINK_STATES.map((state) => [state, 0]));
    const shown = new Map<string, string>();
    for (const link of links) {
      const state = linkState(link);
      counts.set(state, (counts.get(state) ?? 0) + 1);
      if (link.observedAll > 0) metrics.lag.set({ node: link.node }, Math.max(0, now - link.observedAll) / 1_000);
      metrics.behind.set({ node: link.node }, Math.max(0, (link.behindUntil ?? 0) - link.sequence));
      const word = link.refused === null ? state : `${state} ${link.refused.code}`;
      shown.set(link.node, word);
      const change = changeShown(this.#shown.get(link.node), state, link);
      if (change !== null && this.#shown.get(link.node) !== word) {
        const { node, division } = link;
        await database.transaction((tx) => tellNodeChange(tx, { node, division, change }, now));
      }
    }
    for (const [state, count] of counts) metrics.nodes.set({ state }, count);
    this.#shown = shown;
  }
}

/** One that is heard, or was let go, may have an incident left: of a watch that ended between two steps, or of a record that was restored. */
function leftOver({ incident, silentSince, heardAt, removedAt }: WatchedLink): LinkChange | null {
  if (incident === null) return null;
  if (removedAt !== null) return { change: 'removed' };
  return silentSince === null && heardAt !== null ? { change: 'heard', at: heardAt } : null;
}

// Silence and its end are told with their incident.
function changeShown(before: string | undefined, state: string, { refused }: WatchedLink): NodeChangeBody['change'] | null {
  if (before === undefined) return null;
  if (refused !== null && !before.endsWith(refused.code)) return 'refused';
  if (state === 'catching-up') return before.startsWith('catching-up') ? null : 'catching-up';
  return state === 'heard' && before.startsWith('catching-up') ? 'caught-up' : null;
}
