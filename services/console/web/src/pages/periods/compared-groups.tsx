import type { ClosedPeriod } from '@beacontower/contracts';
import { useState } from 'react';
import { useNames } from '../../api/use-names.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Choices } from '../../parts/choices.tsx';
import { VerdictMark } from '../../parts/figure.tsx';
import '../../parts/tables.css';
import { showDifference, showNumber } from './show-number.ts';
import { type Basis, compareGroups } from './versions.ts';
import { PERIODS } from './words.ts';

interface ComparedProps {
  readonly before: ClosedPeriod;
  readonly after: ClosedPeriod;
  readonly basis: Basis;
}

const SHOWN = 60;

/** Which divisions or parties came out otherwise. */
export function ComparedGroups({ before, after, basis }: ComparedProps) {
  const words = useWords(PERIODS);
  const { language } = useLanguage();
  const names = useNames();
  const [group, setGroup] = useState<'division' | 'party'>('division');
  const [onlyChanged, setOnlyChanged] = useState(true);
  const groups = compareGroups(before.figures, after.figures, { group, basis }).filter(({ changed }) => changed || !onlyChanged);
  return (
    <section aria-label={words.byDivision}>
      <div className="filter-line compared-head">
        <Choices
          label={words.byDivision}
          value={group}
          onChange={setGroup}
          of={[
            { value: 'division', text: words.byDivision },
            { value: 'party', text: words.byParty },
          ]}
        />
        <label className="inline-check">
          <input type="checkbox" checked={onlyChanged} onChange={() => setOnlyChanged(!onlyChanged)} />
          {words.onlyChanged}
        </label>
      </div>
      {groups.length === 0 ? <p className="soft">{words.noGroupChanged}</p> : null}
      {groups.length === 0 ? null : (
        <div className="table-wrap">
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{group === 'division' ? words.byDivision : words.byParty}</th>
                <th scope="col" className="end">
                  {words.version(before.version)}
                </th>
                <th scope="col" className="end">
                  {words.version(after.version)}
                </th>
                <th scope="col" className="end">
                  {words.difference}
                </th>
                <th scope="col">{words.verdict}</th>
              </tr>
            </thead>
            <tbody>
              {groups.slice(0, SHOWN).map(({ key, before: old, after: fresh, changed }) => {
                const [a, b] = [old?.[basis].availability ?? null, fresh?.[basis].availability ?? null];
                return (
                  <tr key={key ?? ''} className={changed ? 'differs' : undefined}>
                    <th scope="row">{key === null ? words.noParty : names[group](key)}</th>
                    <td className="end figures">{showNumber('fraction', a, language)}</td>
                    <td className="end figures">{showNumber('fraction', b, language)}</td>
                    <td className="end figures">
                      {showDifference('fraction', a === null || b === null ? null : b - a, language) ?? (
                        <span className="soft">{words.same}</span>
                      )}
                    </td>
                    <td>{fresh === null ? null : <VerdictMark verdict={fresh.verdict} />}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
