import { sampleReport } from '../model/model.fixture.ts';
import type { ObjectiveReport, ReportModel } from '../model/model.ts';

/** Names that somebody could register: formulas, markup, what XML forbids, one very long, names that objects have of their own. */
export const HARD_NAMES = [
  '=HYPERLINK("http://example.invalid","x")',
  '+86-10',
  '-1+1',
  '@SUM(A1)',
  '<b>&"\'',
  '坏\u0000字\u000b符',
  'constructor',
  '__proto__',
  'x'.repeat(120),
  '国家电子政务外网某某县级节点接入线路备用链路'.repeat(4),
  '儋州歙县黟县亳州濮阳诸暨',
] as const;

/** The sample with all that makes a report hard: hard names, nothing observed, no outages, no history, a running period. */
export function hardReport(): ReportModel {
  const model = sampleReport();
  const [first, second] = model.objectives;
  if (!first || !second) throw new Error('the sample has objectives');
  return {
    ...model,
    state: 'running',
    coverage: null,
    coverageSummary: null,
    remarks: [{ zh: '本期尚未结束。', en: 'The period has not ended.' }],
    plannedWork: { items: [], total: 0 },
    revisions: [],
    reclassifications: { items: [], total: 0 },
    objectives: [withHardNames(first), withoutAnything(second)],
  };
}

function withHardNames(objective: ObjectiveReport): ObjectiveReport {
  const named = (index: number) => {
    const name = HARD_NAMES[index % HARD_NAMES.length] ?? '';
    return { id: `centre:hard-${index}`, name: { zh: name, en: name } };
  };
  return {
    ...objective,
    // Charts draw the names of divisions and causes.
    divisions: objective.divisions.map((row, index) => ({ ...row, division: named(index) })),
    causes: HARD_NAMES.map((_, index) => ({ cause: named(index), outages: 1, downMs: 60_000, share: 1 / HARD_NAMES.length })),
    worst: { items: objective.worst.items.map((row, index) => ({ ...row, object: named(index) })), total: 214 },
    outages: {
      items: objective.outages.items.map((row, index) => ({ ...row, object: named(index), ongoing: index === 0 })),
      total: 10_000,
    },
  };
}

function withoutAnything(objective: ObjectiveReport): ObjectiveReport {
  const figure = {
    ...objective.figure,
    availability: null,
    lowest: null,
    highest: null,
    completeness: null,
    availabilityWithMaintenance: null,
    verdict: 'undecided',
    members: 0,
    downMs: 0,
  } as const;
  const none = { items: [], total: 0 };
  return {
    ...objective,
    figure,
    experienced: figure,
    responsible: figure,
    budget: null,
    previous: { figure: null, status: null, difference: null },
    series: objective.series.map((point) => ({ ...point, figure })),
    divisions: [],
    worst: none,
    outages: none,
    causes: [],
    parties: [],
    unknown: none,
  };
}
