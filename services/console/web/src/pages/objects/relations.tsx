import type { ObjectDetail, ObjectPage, ObjectSummary } from '@beacontower/contracts';
import type { ObjectKind, State } from '@beacontower/domain';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useThrottled } from '../../api/use-throttled.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { objectAddress } from './address.ts';
import { OBJECT } from './object-words.ts';
import { type Related, worstFirst } from './related.ts';
import { RELATIONS } from './relation-words.ts';
import { useObjects } from './use-objects.ts';

const PAGE = 200;
const AGAIN_MS = 1_000;

/** What the object depends on and what depends on it, with how each does now; of a device its interfaces too. */
export function Relations({ object }: { object: ObjectDetail }) {
  const words = useWords(RELATIONS);
  const objectWords = useWords(OBJECT);
  const parents = useParents(object.parents);
  return (
    <>
      <div className="object-pair">
        <section className="card" aria-labelledby="parents-title">
          <div className="object-section-head">
            <h2 id="parents-title">{words.parents}</h2>
            {object.parents.length > 1 ? <span className="soft">{objectWords.required(object.parentsRequired)}</span> : null}
          </div>
          {parents.length === 0 ? <p className="soft">{words.noParents}</p> : <RelatedTable items={parents} />}
        </section>
        <Children id={object.id} title={words.dependants} none={words.noDependants} of="dependants" />
      </div>
      {object.kind === 'device' ? <Children id={object.id} title={words.interfaces} none={words.noInterfaces} of="interfaces" /> : null}
    </>
  );
}

function useParents(ids: readonly string[]): readonly Related[] {
  const client = useQueryClient();
  const readAgain = useThrottled(() => {
    for (const id of ids) client.invalidateQueries({ queryKey: ['/objects', id] }).catch(() => undefined);
  }, AGAIN_MS);
  useLive(['state'], (event) => event.type === 'state' && ids.includes(event.object) && readAgain(), readAgain);
  return useObjects(ids);
}

interface ChildrenProps {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  readonly of: 'dependants' | 'interfaces';
}

function Children({ id, title, none, of }: ChildrenProps) {
  const words = useWords(RELATIONS);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['/objects', 'below', id, of],
    queryFn: ({ signal, pageParam }) =>
      get<ObjectPage>(
        '/objects',
        { parent: id, limit: PAGE, cursor: pageParam, ...(of === 'interfaces' ? { kind: 'interface' } : {}) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: 30_000,
  });
  const items = useMemo(() => {
    const all: ObjectSummary[] = data?.pages.flatMap((page) => page.items) ?? [];
    return worstFirst(of === 'dependants' ? all.filter(({ kind }) => kind !== 'interface') : all);
  }, [data, of]);
  const known = useMemo(() => new Set(items.map((item) => item.id)), [items]);
  const readAgain = useThrottled(() => void refetch(), AGAIN_MS);
  useLive(
    ['state'],
    (event) => {
      if (event.type === 'state' && known.has(event.object)) readAgain();
    },
    readAgain,
  );
  const titleId = `${of}-title`;
  return (
    <section className="card" aria-labelledby={titleId}>
      <div className="object-section-head">
        <h2 id={titleId}>
          {title}
          {data === undefined ? '' : ` ${items.length}${hasNextPage ? '+' : ''}`}
        </h2>
        <Tally items={items} />
      </div>
      {error !== null && data === undefined ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {data !== undefined && items.length === 0 ? <p className="soft">{none}</p> : <RelatedTable items={items} scroll />}
      {hasNextPage ? (
        <button type="button" className="object-button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </button>
      ) : null}
    </section>
  );
}

function Tally({ items }: { items: readonly Related[] }) {
  const words = useWords(RELATIONS);
  const { states } = useWords(COMMON);
  const counted = (['down', 'degraded', 'unknown'] as State[])
    .map((state) => ({ state, count: items.filter((item) => item.state === state).length }))
    .filter(({ count }) => count > 0);
  return counted.length === 0 ? null : (
    <span className="soft">{words.counts(counted.map(({ state, count }) => `${states[state]} ${count}`).join(', '))}</span>
  );
}

function RelatedTable({ items, scroll = false }: { items: readonly Related[]; scroll?: boolean }) {
  const { nameOf } = useNaming();
  const words = useWords(RELATIONS);
  const { kinds } = useWords(COMMON);
  return (
    <div className={scroll ? 'object-table-ground object-table-scroll' : 'object-table-ground'}>
      <table className="object-table">
        <thead>
          <tr>
            {[words.state, words.name, words.kind, words.since].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>{item.state === null ? '—' : <StateMark state={item.state} maintenance={item.maintenance} />}</td>
              <td>
                {item.hidden ? <Hidden>{item.name}</Hidden> : <Link to={objectAddress(item.id)}>{nameOf(item)}</Link>}
                {item.quiet ? <span className="object-quiet">{words.quiet}</span> : null}
              </td>
              <td>{item.kind === null ? '—' : kinds[item.kind as ObjectKind]}</td>
              <td>
                <Since at={item.since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Hidden({ children }: { children: ReactNode }) {
  const words = useWords(RELATIONS);
  return (
    <span className="soft">
      {children} ({words.hidden})
    </span>
  );
}
