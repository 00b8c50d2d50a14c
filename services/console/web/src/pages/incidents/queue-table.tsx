import type { IncidentSummary } from '@beacontower/contracts';
import { memo } from 'react';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { formatDuration, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Since } from '../../parts/since.tsx';
import { ClockMark } from './clock-mark.tsx';
import { OwnerMark } from './owner-mark.tsx';
import { QUEUE } from './words.ts';

interface Props {
  readonly rows: readonly IncidentSummary[];
  readonly merged: ReadonlyMap<string, number>;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** The rows. One stop of the tabulator: J and K, or the arrows, go from row to row. */
export function QueueTable({ rows, merged, selected, onSelect }: Props) {
  const words = useWords(QUEUE);
  const first = selected ?? rows[0]?.id;
  return (
    <div className="queue-scroll">
      <table className="queue" aria-label={words.list}>
        <thead>
          <tr>
            <th scope="col">{words.severity}</th>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.lasting}</th>
            <th scope="col">{words.owner}</th>
            <th scope="col">{words.clocks}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((incident) => (
            <Row
              key={incident.id}
              incident={incident}
              merged={merged.get(incident.id) ?? 0}
              selected={incident.id === selected}
              stop={incident.id === first}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly incident: IncidentSummary;
  readonly merged: number;
  readonly selected: boolean;
  readonly stop: boolean;
  readonly onSelect: (id: string) => void;
}

const Row = memo(function Row({ incident, merged, selected, stop, onSelect }: RowProps) {
  const words = useWords(QUEUE);
  const common = useWords(COMMON);
  const { division } = useNames();
  const { titleOf } = useNaming();
  const { id, number, severity, state, affected, kind } = incident;
  const over = state === 'resolved' || state === 'closed';
  return (
    <tr
      className={`queue-row severity-edge-${severity}${selected ? ' selected' : ''}${over ? ' over' : ''}`}
      aria-selected={selected}
      onClick={({ currentTarget, target }) => {
        onSelect(id);
        // Enter then opens it, wherever on the row was pressed.
        if (!(target as Element).closest('a')) currentTarget.querySelector('a')?.focus({ preventScroll: true });
      }}
    >
      <td>
        <SeverityMark severity={severity} />
        <span className={`incident-state incident-${state}`}>{common.incidentStates[state]}</span>
      </td>
      <td className="queue-what">
        <Link to={`/incidents/${id}`} data-incident={id} tabIndex={stop ? 0 : -1} onFocus={() => onSelect(id)}>
          <span className="figures soft">#{number}</span> {titleOf(incident)}
        </Link>
        <span className="queue-where soft">
          {division(incident.division)} · {common.classes[incident.class]}
          {kind === 'outage' ? '' : ` · ${common.incidentKinds[kind]}`}
          {affected > 1 ? ` · ${words.affected(affected)}` : ''}
          {merged > 0 ? ` · ${words.mergedIn(merged)}` : ''}
          {incident.mergedInto === null ? '' : ` · ${words.mergedAway}`}
        </span>
      </td>
      <td>
        <Lasting incident={incident} />
      </td>
      <td>
        <OwnerMark incident={incident} />
      </td>
      <td className="queue-clocks">
        <SummaryClocks incident={incident} />
      </td>
    </tr>
  );
});

function Lasting({ incident }: { incident: IncidentSummary }) {
  const words = useWords(QUEUE);
  const { node } = useSession();
  const { language } = useLanguage();
  const { startedAt, resolvedAt } = incident;
  const [start, end] = [Date.parse(startedAt), resolvedAt === null ? null : Date.parse(resolvedAt)];
  return (
    <>
      <span className="queue-lasting">
        {end === null ? <Since at={startedAt} /> : <span className="figures">{formatDuration(Math.max(0, end - start), language)}</span>}
      </span>
      <span className="soft queue-since">{words.sinceAt(formatTime(startedAt, node.timeZone).slice(5))}</span>
    </>
  );
}

function SummaryClocks({ incident }: { incident: IncidentSummary }) {
  const { respondBy, repairBy, acknowledgedAt, resolvedAt } = incident;
  const answered = acknowledgedAt ?? resolvedAt;
  return (
    <>
      {respondBy === null || answered !== null ? null : <ClockMark which="response" dueAt={respondBy} warnAt={null} metAt={null} />}
      {repairBy === null ? null : <ClockMark which="repair" dueAt={repairBy} warnAt={null} metAt={resolvedAt} />}
      {respondBy === null && repairBy === null ? <span className="soft">—</span> : null}
    </>
  );
}
