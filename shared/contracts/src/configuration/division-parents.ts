/** Parents of divisions: what everything in a division hangs on that does not name parents of its own. */
import { divisionCovers } from '@beacontower/domain';
import type { ObjectBody } from '../entities.ts';
import type { Item } from './collect.ts';
import type { Links } from './composites.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import { PARENT_WORDS, type Rule, readRule } from './rules.ts';
import type { DivisionYaml } from './schema.ts';

interface DivisionRule {
  readonly item: Item<DivisionYaml>;
  readonly id: string;
  readonly rule: Rule;
}

/**
 * Gives each object without parents of its own those of the nearest division around it that has any. An object that these parents hang
 * on themselves, or that they are, gets those of a division further up instead: the router of a city is not below itself. Divisions are gone
 * through from the outside in, and what is upstream of one is left as it is, so that no circle can come about.
 * `links` (by local id) is brought up to date with the bodies that are returned.
 */
export function inheritParents(around: Surroundings, bodies: readonly ObjectBody[], links: Map<string, Links>): ObjectBody[] {
  const rules = rulesOf(around);
  if (rules.length === 0) return [...bodies];
  const locals = new Map(bodies.map((body) => [body.id.slice(around.nodeId.length + 1), body]));
  const orphans = orphansByDivision(locals, links);
  const inherited = new Map<string, Rule>();
  for (const { item, id: scope, rule } of rules) {
    const upstream = upstreamOf(rule.ids, links);
    const within = [...orphans].flatMap(([division, ids]) => (divisionCovers(scope, division) ? ids : []));
    const heirs = within.filter((id) => !upstream.has(id));
    for (const id of heirs) {
      inherited.set(id, rule);
      const own = links.get(id);
      if (own !== undefined) links.set(id, { ...own, parents: rule.ids });
    }
    if (heirs.length === 0 && item.whole && around.complete && rule.ids.length > 0)
      around.faults.push(item.document.fault([...item.path, 'parents'], NO_HEIRS));
  }
  return [...locals].map(([id, body]) => {
    const rule = inherited.get(id);
    const dependency = rule && { parents: rule.ids.map((parent) => `${around.nodeId}:${parent}`), rule: rule.rule };
    return dependency === undefined ? body : { ...body, dependency };
  });
}

/** Local ids of the objects that name no parents, by division. */
function orphansByDivision(locals: ReadonlyMap<string, ObjectBody>, links: ReadonlyMap<string, Links>): Map<string, string[]> {
  const orphans = new Map<string, string[]>();
  for (const [id, { division }] of locals) {
    if (links.get(id)?.item.value?.parents !== undefined) continue;
    const ids = orphans.get(division);
    if (ids === undefined) orphans.set(division, [id]);
    else ids.push(id);
  }
  return orphans;
}

/** The rules of divisions, those further out first. */
function rulesOf(around: Surroundings): DivisionRule[] {
  const depth = (id: string) => id.split('.').length;
  return around.collected.items.divisions
    .flatMap((item): DivisionRule[] => {
      const { value } = item;
      if (value?.parents === undefined) return [];
      return [{ item, id: value.id, rule: readRule(around, item, 'parents', value.parents, PARENT_WORDS) }];
    })
    .sort((a, b) => depth(a.id) - depth(b.id));
}

/** The parents themselves, and everything that they hang on or are made of. */
function upstreamOf(parents: readonly string[], links: ReadonlyMap<string, Links>): Set<string> {
  const seen = new Set(parents);
  // Grows while it is walked.
  for (const id of seen) {
    const link = links.get(id);
    for (const next of [...(link?.parents ?? []), ...(link?.members ?? [])]) seen.add(next);
  }
  return seen;
}

const NO_HEIRS: Complaint = {
  severity: 'warning',
  code: 'parents-unused',
  problem: text(
    'every object of this division has parents of its own, or is upstream of these',
    '该区划内的对象都有自己的上级，或本身就在这些上级的上游',
  ),
  expected: text('objects of the division without "parents"', '该区划内未写 "parents" 的对象'),
  found: null,
};
