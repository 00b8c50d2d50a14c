import type { Coverage } from '@beacontower/contracts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import '../../parts/tables.css';
import './coverage.css';
import { COVERAGE } from './words.ts';

/** The lists of divisions that coverage was judged by, with what was assumed; and the connections that are in none. */
export function ListOf({ coverage }: { coverage: Coverage }) {
  const words = useWords(COVERAGE);
  const { list, corpsList, listBefore, unlisted } = coverage;
  const lists = [list, corpsList].filter((each) => each !== null);
  return (
    <>
      <section className="card" aria-label={words.list}>
        <h2>{words.list}</h2>
        {list === null ? <p>{words.noList}</p> : null}
        {list !== null && listBefore !== null && listBefore !== list.id ? <p>{words.otherList(listBefore)}</p> : null}
        {lists.map((each) => (
          <OneList key={each.id} list={each} />
        ))}
      </section>
      {unlisted.length === 0 ? null : (
        <section className="card" aria-label={words.unlisted}>
          <h2>{words.unlisted}</h2>
          <p className="soft">{words.unlistedHint}</p>
          <ul>
            {unlisted.map(({ code, name }) => (
              <li key={code}>
                <span className="figures">{code}</span>
                {name === null ? '' : ` ${name}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function OneList({ list }: { list: NonNullable<Coverage['list']> }) {
  const words = useWords(COVERAGE);
  const { language } = useLanguage();
  const zh = language === 'zh';
  return (
    <div className="one-list">
      <h3>
        {zh ? list.name : list.nameEn} <span className="soft">{words.listDate(list.date)}</span>
      </h3>
      <p>{(['province', 'city', 'county'] as const).map((level) => `${words.levels[level]} ${list.counts[level]}`).join(' · ')}</p>
      <dl className="facts">
        <dt>{words.counts}</dt>
        <dd>{zh ? list.countsZh : list.countsEn}</dd>
        <dt>{words.source}</dt>
        <dd>{`${list.source} (${list.licence})`}</dd>
        {list.assumptions.length === 0 ? null : (
          <>
            <dt>{words.assumptions}</dt>
            <dd>
              {list.assumptions.map(({ id, textZh, textEn }) => (
                <p key={id}>{zh ? textZh : textEn}</p>
              ))}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
