import { useCallback, useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { DataGrid, type GridColumn } from '../../parts/data-grid.tsx';
import { Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { objectAddress } from './address.ts';
import { type Criteria, SORTS, type SortKey } from './criteria.ts';
import { type IndexedObject, objectAt } from './index-store.ts';
import { LIST } from './list-words.ts';
import { useDirectory } from './use-directory.ts';
import type { IndexView } from './use-object-index.ts';

interface Props {
  readonly view: IndexView;
  readonly rows: Uint32Array;
  readonly criteria: Criteria;
  readonly change: (to: Partial<Criteria>) => void;
}

/** The objects that were found, of which those in sight are drawn. */
export function ListGrid({ view, rows, criteria, change }: Props) {
  const words = useWords(LIST);
  const columns = useColumns();
  const navigate = useNavigate();
  const row = useCallback((index: number) => objectAt(view.store, rows[index] ?? -1), [view, rows]);
  return (
    <DataGrid
      className="object-grid"
      label={words.list}
      columns={columns}
      count={rows.length}
      row={row}
      rowKey={keyOf}
      onOpen={({ id }) => void navigate(objectAddress(id))}
      sort={{ key: criteria.sort, descending: criteria.descending }}
      onSort={({ key, descending }) => change({ sort: SORTS.find((sort) => sort === key) ?? 'state', descending })}
    />
  );
}

const keyOf = ({ id }: IndexedObject) => id;

function useColumns(): readonly GridColumn<IndexedObject>[] {
  const words = useWords(LIST);
  const { kinds, classes } = useWords(COMMON);
  const { division: divisionName } = useDirectory();
  const { language } = useLanguage();
  return useMemo(() => {
    const column = (key: SortKey, width: string, cell: GridColumn<IndexedObject>['cell']) => ({
      key,
      header: words[key],
      width,
      cell,
      sortable: true,
    });
    return [
      column('state', '12rem', ({ state, maintenance }) => <StateMark state={state} maintenance={maintenance} />),
      column('name', 'minmax(14rem, 3fr)', ({ id, name, nameEn, quiet, unobserved }) => (
        <>
          <Link to={objectAddress(id)} tabIndex={-1} title={id} className="object-name">
            {nameOf({ name, nameEn }, language)}
          </Link>
          {quiet ? <span className="object-quiet">{words.quietMark}</span> : null}
          {unobserved ? (
            <span className="object-quiet" title={words.unobservedWhy}>
              {words.unobservedMark}
            </span>
          ) : null}
        </>
      )),
      column('kind', '8rem', ({ kind }) => (kinds as Record<string, string>)[kind] ?? kind),
      column('class', '9rem', (object) => (classes as Record<string, string>)[object.class] ?? object.class),
      column('division', 'minmax(9rem, 1.5fr)', ({ division }) => divisionName(division)),
      column('since', '9rem', ({ since }) => (since === null ? <span className="soft">{words.notJudged}</span> : <Since at={since} />)),
    ];
  }, [words, kinds, classes, divisionName, language]);
}
