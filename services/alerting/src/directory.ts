import type { DivisionBody, NodeBody, PartyBody } from '@beacontower/contracts';
import { ObjectCache, type Queryable, readCurrentEntities, readNodeIdentity, readObservedNodes } from '@beacontower/database';
import { type CorrelatedObject, createDependencyGraph, type DependencyGraph, type MonitoredObject } from '@beacontower/domain';
import { roundOf } from './correlator/rounds.ts';

/** The inventory as alerting needs it, all of one moment. */
export interface Directory {
  readonly node: string;
  readonly language: 'zh' | 'en';
  readonly timeZone: string;
  /** This node's own. */
  readonly objects: ReadonlyMap<string, MonitoredObject>;
  /** Other nodes, which correlate their objects themselves. */
  readonly otherNodes: ReadonlySet<string>;
  readonly dependencies: DependencyGraph;
  readonly divisions: ReadonlyMap<string, DivisionBody>;
  readonly parties: ReadonlyMap<string, PartyBody>;
}

/** Reads the inventory; with the cache of the time before, only those objects that changed. */
export async function readDirectory(db: Queryable, cache = new ObjectCache()): Promise<Directory> {
  const identity = await readNodeIdentity(db);
  const nodes: NodeBody[] = await readCurrentEntities(db, 'node');
  const node = nodes.find((candidate) => candidate.id === identity?.node) ?? nodes[0];
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((item) => [item.id, item]));
  const objects = byId((await cache.load(db)).objects);
  return {
    node: identity?.node ?? node?.id ?? 'unnamed',
    language: node?.language ?? 'en',
    timeZone: node?.timeZone ?? 'UTC',
    objects,
    otherNodes: new Set((await readObservedNodes(db)).keys()),
    dependencies: createDependencyGraph(correlatedObjects({ objects })),
    divisions: byId<DivisionBody>(await readCurrentEntities(db, 'division')),
    parties: byId<PartyBody>(await readCurrentEntities(db, 'party')),
  };
}

/** The objects as correlation sees them. */
export function* correlatedObjects(directory: Pick<Directory, 'objects'>): Generator<CorrelatedObject> {
  for (const object of directory.objects.values()) {
    const { id, class: objectClass, checks, combines, dependency, quiet } = object;
    // What a composite depends on is what it is made of, by the same rule.
    const { parents, rule } = combines ? { parents: combines.of, rule: combines.rule } : dependency;
    const composite = combines !== undefined;
    const round = roundOf(object, directory.objects);
    const rest = { quiet: quiet ?? false, composite, ...(round === null ? {} : { roundMs: round }) };
    yield { id, class: objectClass, monitored: checks.length > 0 || composite, parents, rule, ...rest };
  }
}
