import type { Objective, ObjectiveOutage, Page } from '@beacontower/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { useMay, useSession } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { formatDuration, formatPercent, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf, titleOf } from '../../i18n/name-of.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { EvidenceDialog } from './evidence-dialog.tsx';
import { ReclassifyDialog } from './reclassify-dialog.tsx';
import '../../parts/tables.css';
import { AVAILABILITY } from './words.ts';

const A_PAGE = 50;

interface OutagesProps {
  readonly objective: Objective;
  readonly span: { readonly from: string; readonly to: string };
  /** The date that was chosen. */
  readonly day: string | null;
  readonly division: string | null;
  /** How much of the time was observed; null: nothing, undefined: not known yet. */
  readonly completeness: number | null | undefined;
  readonly onClear: (filter: 'day' | 'division') => void;
}

/** The outages of the period or of one day, the longest first; from each to its object, its incident, its evidence. */
export function Outages({ objective, span, day, division, completeness, onClear }: OutagesProps) {
  const words = useWords(AVAILABILITY);
  const { division: divisionName } = useNames();
  const [evidence, setEvidence] = useState<ObjectiveOutage | null>(null);
  const [stated, setStated] = useState<ObjectiveOutage | null>(null);
  const outages = useInfiniteQuery({
    queryKey: ['/objectives', objective.id, 'outages', span.from, span.to, division],
    queryFn: ({ signal, pageParam }) =>
      get<Page<ObjectiveOutage>>(
        `/objectives/${encodeURIComponent(objective.id)}/outages`,
        { from: span.from, to: span.to, division, limit: A_PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const items = outages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card" aria-label={words.outages}>
      <div className="card-head">
        <h2>{day === null ? words.outages : words.outagesOf(day)}</h2>
        <span className="filter-line">
          {division === null ? null : <span>{words.onlyDivision(divisionName(division))}</span>}
          {day === null && division === null ? null : (
            <button type="button" className="button" onClick={() => onClear(day === null ? 'division' : 'day')}>
              {words.clear}
            </button>
          )}
        </span>
      </div>
      {outages.isPending ? <Loading /> : null}
      {outages.error ? <Failure error={outages.error} onRetry={() => void outages.refetch()} /> : null}
      {outages.data && items.length === 0 ? <NoOutages completeness={completeness} /> : null}
      {items.length === 0 ? null : <OutageTable items={items} onEvidence={setEvidence} onReclassify={setStated} />}
      {outages.hasNextPage ? (
        <p>
          <button type="button" className="button" disabled={outages.isFetching} onClick={() => void outages.fetchNextPage()}>
            {words.loadMore}
          </button>
        </p>
      ) : null}
      {evidence === null ? null : <EvidenceDialog outage={evidence} onClose={() => setEvidence(null)} />}
      {stated === null ? null : <ReclassifyDialog outage={stated} objective={objective} onClose={() => setStated(null)} />}
    </section>
  );
}

/** That none is listed is no proof where nobody looked. */
function NoOutages({ completeness }: Pick<OutagesProps, 'completeness'>) {
  const words = useWords(AVAILABILITY);
  if (completeness === undefined) return null;
  if (completeness === null || completeness === 0) return <p className="state-unknown">{words.notSeen}</p>;
  if (completeness < 1) return <p>{words.noOutagesSeen(formatPercent(completeness, 2))}</p>;
  return <p className="soft">{words.noOutages}</p>;
}

interface TableProps {
  readonly items: readonly ObjectiveOutage[];
  readonly onEvidence: (outage: ObjectiveOutage) => void;
  readonly onReclassify: (outage: ObjectiveOutage) => void;
}

function OutageTable({ items, onEvidence, onReclassify }: TableProps) {
  const words = useWords(AVAILABILITY);
  const columns = [
    words.object,
    words.from,
    words.to,
    words.counted,
    words.excluded,
    words.uncertainty,
    words.cause,
    words.charged,
    words.incident,
  ];
  return (
    <div className="table-wrap">
      <table className="data-table">
        <thead>
          <tr>
            {columns.map((text, index) => (
              <th key={text} scope="col" className={index > 2 && index < 6 ? 'end' : undefined}>
                {text}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {items.map((outage) => (
            <OutageRow key={`${outage.object} ${outage.from}`} outage={outage} onEvidence={onEvidence} onReclassify={onReclassify} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OutageRow({ outage, onEvidence, onReclassify }: Omit<TableProps, 'items'> & { readonly outage: ObjectiveOutage }) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  const { node } = useSession();
  const mayState = useMay('operator', 'duty-manager');
  const name = nameOf(outage, language);
  const length = (ms: number) => (ms === 0 ? '—' : formatDuration(ms, language));
  return (
    <tr>
      <th scope="row" className="name">
        <Link to={`/objects/${encodeURIComponent(outage.object)}`}>{name}</Link>
      </th>
      <td className="figures nowrap">{formatTime(outage.from, node.timeZone)}</td>
      <td className="figures nowrap">
        {outage.to === null ? <strong className="state-down">{words.ongoing}</strong> : endText(outage.from, outage.to, node.timeZone)}
      </td>
      <td className="end figures nowrap">{length(outage.downMs)}</td>
      <td className="end figures nowrap">{length(outage.excludedMs)}</td>
      <td className="end figures nowrap">
        {outage.edgeUncertaintyMs === 0 ? '—' : `± ${formatDuration(outage.edgeUncertaintyMs / 2, language)}`}
      </td>
      <td>
        {outage.cause === null ? (
          '—'
        ) : (
          <Link to={`/objects/${encodeURIComponent(outage.cause)}`}>
            {outage.causeName === null ? outage.cause : nameOf({ name: outage.causeName, nameEn: outage.causeNameEn }, language)}
          </Link>
        )}
      </td>
      <td>{outage.party ?? words.noParty}</td>
      <td>
        {outage.incident === null ? (
          <span className="soft">{words.noIncident}</span>
        ) : (
          <Link to={`/incidents/${outage.incident.id}`} title={titleOf(outage.incident, language)}>{`#${outage.incident.number}`}</Link>
        )}
      </td>
      <td className="nowrap">
        <button type="button" className="link-button" aria-label={`${words.evidence}: ${name}`} onClick={() => onEvidence(outage)}>
          {words.evidence}
        </button>{' '}
        {mayState ? (
          <button type="button" className="link-button" aria-label={`${words.reclassify}: ${name}`} onClick={() => onReclassify(outage)}>
            {words.reclassify}
          </button>
        ) : null}
      </td>
    </tr>
  );
}

/** The end of an outage; of one that ended on the day on which it began the clock is enough. */
function endText(from: string, to: string, timeZone: string): string {
  const sameDay = formatTime(from, timeZone, 'date') === formatTime(to, timeZone, 'date');
  return formatTime(to, timeZone, sameDay ? 'clock' : 'full');
}
