/** Composites: objects that are what others make of them, and have no checks of their own. */
import type { ObjectBody } from '../entities.ts';
import type { Item } from './collect.ts';
import { findCycles } from './cycles.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import { type Rule, type RuleWords, readRule } from './rules.ts';
import type { ObjectYaml } from './schema.ts';

/** What only makes sense for something that is looked at. */
const OF_CHECKS = ['addresses', 'snmp', 'policy', 'servingRule', 'zone'] as const;

/** What a composite combines; null for an object that is none. */
export function readCombination(around: Surroundings, item: Item<ObjectYaml>, yaml: ObjectYaml): Rule | null {
  if (yaml.combines === undefined) return null;
  const refuse = (path: (string | number)[]) => around.faults.push(item.document.fault([...item.path, ...path], LOOKED_AT));
  for (const key of OF_CHECKS) if (yaml[key] !== undefined) refuse([key]);
  yaml.ends?.forEach((end, i) => {
    if ('object' in end && end.interface !== undefined) refuse(['ends', i, 'interface']);
  });
  return readRule(around, item, 'combines', yaml.combines, WORDS);
}

/** As it is stored: with global ids. */
export function combinationBody(combination: Rule, nodeId: string): NonNullable<ObjectBody['combines']> {
  return { rule: combination.rule, of: combination.ids.map((local) => `${nodeId}:${local}`) };
}

/** What each object hangs on or is made of, by local id. */
export interface Links {
  readonly item: Item<ObjectYaml>;
  readonly parents: readonly string[];
  readonly members: readonly string[];
}

/**
 * Refuses whatever leads back to itself, through parents, members of composites or both: nothing could be said of it before it was
 * known of itself. Said where the circle begins, at the key that leads on.
 */
export function refuseCycles(around: Surroundings, links: ReadonlyMap<string, Links>): void {
  const edges = new Map([...links].map(([id, { parents, members }]) => [id, [...parents, ...members]]));
  for (const cycle of findCycles(edges)) {
    const first = links.get(cycle[0] ?? '');
    if (first === undefined) continue;
    const chain = [...cycle, cycle[0]].join(' → ');
    const byParents = cycle.every((id, i) => links.get(id)?.parents.includes(cycle[(i + 1) % cycle.length] ?? '') === true);
    const key = first.parents.includes(cycle[1] ?? cycle[0] ?? '') ? 'parents' : 'combines';
    around.faults.push(first.item.document.fault([...first.item.path, key], byParents ? circle(chain) : circleOfMembers(chain)));
  }
}

const circle = (chain: string): Complaint => ({
  code: 'dependency-cycle',
  problem: text(`parents go round in a circle: ${chain}`, `上级依赖形成环路：${chain}`),
  expected: text('parents that lead towards the centre and end there', '上级依赖应逐级指向中心并在中心终止'),
});
const circleOfMembers = (chain: string): Complaint => ({
  code: 'dependency-cycle',
  problem: text(`composites and parents go round in a circle: ${chain}`, `组合与上级依赖形成环路：${chain}`),
  expected: text('a composite of objects that do not hang on it and are not made of it', '组合的成员不得依赖或包含该组合自身'),
});
const LOOKED_AT: Complaint = {
  code: 'composite-with-checks',
  problem: text('a composite is what others make of it, and is not looked at itself', '组合对象由其成员决定，本身不被探测'),
  expected: text('either "combines", or addresses and what goes with them', '"combines" 与地址等探测设置二者取一'),
  found: null,
};
const WORDS: RuleWords = {
  twice: {
    severity: 'warning',
    code: 'member-twice',
    problem: text('the object is named twice', '对象重复出现'),
    expected: text('each object once', '每个对象只写一次'),
  },
  tooMany: (count) => ({
    code: 'at-least-too-many',
    problem: text(`more members are required than there are (${count})`, `要求的成员数多于实际数量（${count}）`),
    expected: text(`at most ${count}`, `不大于 ${count}`),
  }),
};
