import type { ClosedPeriod, ClosedPeriodSummary } from '@beacontower/contracts';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { Choices } from '../../parts/choices.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import '../../parts/tables.css';
import { Changes } from './changes.tsx';
import { ComparedFigures } from './compared-figures.tsx';
import { ComparedGroups } from './compared-groups.tsx';
import { Evidence } from './evidence.tsx';
import { periodLabel } from './labels.ts';
import './periods.css';
import { type Basis, chosenPair, type PeriodVersions } from './versions.ts';
import { PERIODS } from './words.ts';

/** Two versions of a period side by side, and what changed from one to the other. */
export function Comparison({ period, name }: { period: PeriodVersions; name: string }) {
  const words = useWords(PERIODS);
  const { node } = useSession();
  const [search, setSearch] = useSearchParams();
  const asked = (key: string) => (search.get(key) === null ? null : Number(search.get(key)));
  const [older, newer] = chosenPair(period.versions, { a: asked('a'), b: asked('b') });
  const between = period.versions.filter(
    ({ version }) => newer !== null && version <= newer.version && version > (older?.version ?? newer.version - 1),
  );
  const wanted = [
    ...new Map(
      [...(older === null ? [] : [older]), ...(newer === null ? [] : [newer]), ...between].map((each) => [each.id, each]),
    ).values(),
  ];
  const read = useQueries({
    queries: wanted.map(({ id }) => ({
      queryKey: ['/periods', id, 'version'],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<ClosedPeriod>(`/periods/${id}`, {}, signal),
      // A version never changes.
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const versions = new Map(read.flatMap(({ data }) => (data === undefined ? [] : [[data.version, data] as const])));
  const [a, b] = [
    older === null ? null : (versions.get(older.version) ?? null),
    newer === null ? null : (versions.get(newer.version) ?? null),
  ];
  const failed = read.find(({ error }) => error !== null);
  const [basis, setBasis] = useState<Basis | null>(null);
  const shownBasis = basis ?? b?.definition.basis ?? 'experienced';
  const choose = (key: 'a' | 'b', version: number) => {
    const next = new URLSearchParams(search);
    next.set(key, String(version));
    setSearch(next, { replace: true });
  };
  return (
    <section className="card comparison" aria-label={words.compared}>
      <div className="card-head">
        <h2>{`${name} · ${periodLabel(period.from, period.to, node.timeZone)}`}</h2>
        <span className="filter-line">
          <Link to={`/availability/${encodeURIComponent(period.objective)}?on=${formatTime(period.from, node.timeZone, 'date')}`}>
            {words.openObjective}
          </Link>
          <Choices
            label={words.item}
            value={shownBasis}
            onChange={setBasis}
            of={(['experienced', 'responsible'] as const).map((value) => ({ value, text: words.bases[value] }))}
          />
        </span>
      </div>
      {period.versions.length === 1 ? (
        <p className="soft">{words.compareOne}</p>
      ) : (
        <div className="filter-line">
          <span>{words.choose}</span>
          <VersionSelect versions={period.versions} value={older} label={words.before} onChange={(version) => choose('a', version)} />
          <VersionSelect versions={period.versions} value={newer} label={words.after} onChange={(version) => choose('b', version)} />
        </div>
      )}
      {failed ? <Failure error={failed.error} onRetry={() => void failed.refetch()} /> : null}
      {b === null && !failed ? <Loading /> : null}
      {b === null ? null : (
        <>
          <ComparedFigures before={a} after={b} basis={shownBasis} />
          {a === null ? null : <ComparedGroups before={a} after={b} basis={shownBasis} />}
          <Changes versions={between.flatMap(({ version }) => versions.get(version) ?? [])} />
          <Evidence versions={wanted.flatMap(({ version }) => versions.get(version) ?? [])} />
        </>
      )}
    </section>
  );
}

interface SelectProps {
  readonly versions: readonly ClosedPeriodSummary[];
  readonly value: ClosedPeriodSummary | null;
  readonly label: string;
  readonly onChange: (version: number) => void;
}

function VersionSelect({ versions, value, label, onChange }: SelectProps) {
  const words = useWords(PERIODS);
  return (
    <select aria-label={label} value={value?.version ?? ''} onChange={(event) => onChange(Number(event.target.value))}>
      {versions.map(({ version }) => (
        <option key={version} value={version}>
          {words.version(version)}
        </option>
      ))}
    </select>
  );
}
