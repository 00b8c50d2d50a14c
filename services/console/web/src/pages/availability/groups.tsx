import type { Availability, AvailabilityGroup, Objective } from '@beacontower/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { formatDuration, formatPercent } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Choices } from '../../parts/choices.tsx';
import { Failure } from '../../parts/failure.tsx';
import { BoundsBar, Figure, VerdictMark } from '../../parts/figure.tsx';
import { Loading } from '../../parts/loading.tsx';
import type { ShownPeriod } from './period.ts';
import '../../parts/tables.css';
import { AVAILABILITY } from './words.ts';

const SHOWN_AT_FIRST = 10;
type Grouping = 'division' | 'party' | 'object';

interface GroupsProps {
  readonly objective: Objective;
  readonly period: ShownPeriod;
  readonly version: string | null;
  /** The division that the days and outages are narrowed to. */
  readonly chosen: string | null;
  readonly onChoose: (division: string | null) => void;
}

/** The figure by province, by party or by object, the worst first. */
export function Groups({ objective, period, version, chosen, onChoose }: GroupsProps) {
  const words = useWords(AVAILABILITY);
  const [by, setBy] = useState<Grouping>('division');
  const [all, setAll] = useState(false);
  const span = { from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() };
  const groups = useQuery({
    queryKey: ['/availability', objective.id, span, version, by],
    queryFn: ({ signal }) =>
      get<Availability>(
        '/availability',
        { objective: objective.id, ...span, version, groupBy: by, depth: by === 'division' ? 1 : undefined },
        signal,
      ),
    refetchInterval: period.running ? 120_000 : false,
    placeholderData: keepPreviousData,
  });
  const sorted = [...(groups.data?.groups ?? [])].sort((a, b) => (a.availability ?? 2) - (b.availability ?? 2));
  const shown = all ? sorted : sorted.slice(0, SHOWN_AT_FIRST);
  return (
    <section className="card" aria-label={words.groups}>
      <div className="card-head">
        <h2>{words.groups}</h2>
        <Choices
          label={words.groups}
          value={by}
          onChange={setBy}
          of={(['division', 'party', 'object'] as const).map((value) => ({ value, text: words.groupBy[value] }))}
        />
      </div>
      {groups.isPending ? <Loading /> : null}
      {groups.error ? <Failure error={groups.error} onRetry={() => void groups.refetch()} /> : null}
      {groups.data && sorted.length === 0 ? <p className="soft">{words.nothingToGroup}</p> : null}
      {shown.length === 0 ? null : (
        <div className="table-wrap">
          <table className="data-table">
            <GroupHead by={by} />
            <tbody>
              {shown.map((group) => (
                <GroupRow key={group.key ?? ''} group={group} by={by} chosen={chosen} onChoose={onChoose} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {sorted.length > shown.length ? (
        <p>
          <button type="button" className="button" onClick={() => setAll(true)}>
            {`${words.loadMore} (${sorted.length - shown.length})`}
          </button>
        </p>
      ) : null}
    </section>
  );
}

function GroupHead({ by }: { by: Grouping }) {
  const words = useWords(AVAILABILITY);
  const columns = [words.figure, '', words.verdict, words.down, words.unknown, words.completeness];
  return (
    <thead>
      <tr>
        <th scope="col">{{ division: words.division, party: words.charged, object: words.object }[by]}</th>
        {columns.map((text, index) =>
          text === '' ? (
            <td key="bar" />
          ) : (
            <th key={text} scope="col" className={index > 2 ? 'end' : undefined}>
              {text}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly group: AvailabilityGroup;
  readonly by: Grouping;
  readonly chosen: string | null;
  readonly onChoose: (division: string | null) => void;
}

function GroupRow({ group, by, chosen, onChoose }: RowProps) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  const { key, availability, lowest, highest, target, verdict } = group;
  const name = group.name ?? key ?? words.noParty;
  const label =
    by === 'object' && key !== null ? (
      <Link to={`/objects/${encodeURIComponent(key)}`}>{name}</Link>
    ) : by === 'division' && key !== null ? (
      <button type="button" className="link-button" aria-pressed={chosen === key} onClick={() => onChoose(chosen === key ? null : key)}>
        {name}
      </button>
    ) : (
      name
    );
  return (
    <tr>
      <th scope="row">
        {label}
        {by === 'object' ? null : <span className="soft"> {words.members(group.members)}</span>}
      </th>
      <td>
        <Figure value={availability} lowest={lowest} highest={highest} />
      </td>
      <td className="bar">
        <BoundsBar value={availability} lowest={lowest} highest={highest} target={target} verdict={verdict} />
      </td>
      <td>
        <VerdictMark verdict={verdict} />
      </td>
      <td className="end figures">{formatDuration(group.downMs, language)}</td>
      <td className="end figures">{formatDuration(group.unknownMs, language)}</td>
      <td className="end figures">{formatPercent(group.completeness, 2)}</td>
    </tr>
  );
}
