import type { ObjectiveBody } from '@beacontower/contracts';
import type { Figure } from '@beacontower/database';
import type { DivisionRow } from '../model/model.ts';
import { differenceOf, figureByBasis } from './figures.ts';
import type { NameBook } from './names.ts';

/** The figure of each division beside that of the period before. */
export async function describeDivisions(names: NameBook, objective: ObjectiveBody, figure: Figure, before: Figure): Promise<DivisionRow[]> {
  const other = { ...objective, basis: objective.basis === 'experienced' ? 'responsible' : 'experienced' } as const;
  const then = new Map(before.groups.map((group) => [group.key, group[objective.basis].availability]));
  const nameOf = await names.of(
    'division',
    figure.groups.flatMap(({ key }) => key ?? []),
  );
  return figure.groups.map((group) => {
    const own = figureByBasis(group, objective);
    const previous = then.get(group.key) ?? null;
    return {
      division: nameOf(group.key ?? ''),
      figure: own,
      other: figureByBasis(group, other),
      previous,
      difference: differenceOf(own.availability, previous),
    };
  });
}
