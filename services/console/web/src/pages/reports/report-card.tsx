import type { Report } from '@beacontower/contracts';
import { Link } from 'react-router';
import { address } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { formatDuration, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import './reports.css';
import { REPORTS } from './words.ts';

const MARKS: Readonly<Record<Report['state'], string>> = { queued: '…', running: '▶', done: '✓', failed: '✕', cancelled: '–' };

/** One report: what it is about, how far it is, its summary and files. */
export function ReportCard({ report }: { report: Report }) {
  const words = useWords(REPORTS);
  const { language } = useLanguage();
  const { node } = useSession();
  const { period, state } = report;
  const date = (at: string | number) => formatTime(at, period.timeZone, 'date');
  const label = period.label ?? `${date(period.from)} – ${date(Date.parse(period.to) - 1)}`;
  const took =
    report.startedAt === null || report.finishedAt === null ? null : Date.parse(report.finishedAt) - Date.parse(report.startedAt);
  return (
    <article className="card report" aria-label={label}>
      <div className="card-head">
        <h2 className="figures">{label}</h2>
        <span className={`report-state report-${state}`}>
          <span aria-hidden="true">{MARKS[state]} </span>
          {words.states[state]}
        </span>
      </div>
      <p className="soft">
        {`${report.objectives === null ? words.whole : report.objectives.join(', ')} · ${report.division} · ${words.by} ${report.schedule === null ? report.requestedBy : words.schedule(report.schedule)} ${formatTime(report.requestedAt, node.timeZone, 'minute')}`}
        {took === null ? '' : ` · ${words.took(formatDuration(took, language))}`}
        {report.attempt > 1 ? ` · ${words.attempt(report.attempt)}` : ''}
      </p>
      {state === 'running' || state === 'queued' ? <Progress report={report} /> : null}
      {report.error === null ? null : <p className="fault">{report.error}</p>}
      {report.summary === null ? null : <p>{report.summary[language]}</p>}
      {report.files.length === 0 ? null : <Files report={report} />}
      {report.objectives?.length === 1 ? (
        <Link to={`/availability/${encodeURIComponent(report.objectives[0] ?? '')}`}>{report.objectives[0]}</Link>
      ) : null}
    </article>
  );
}

function Progress({ report }: { report: Report }) {
  const words = useWords(REPORTS);
  return (
    <div className="report-progress">
      <progress max={100} value={report.progress} aria-label={words.state} />
      <span className="figures">{`${report.progress}%`}</span>
      {report.step === null ? null : <span className="soft">{report.step}</span>}
    </div>
  );
}

function Files({ report }: { report: Report }) {
  const words = useWords(REPORTS);
  return (
    <ul className="report-files" aria-label={words.files}>
      {report.files.map(({ format, language, name, size, sha256 }) => (
        <li key={`${format} ${language}`}>
          <a
            href={address(`/reports/${report.id}/file`, { format, language })}
            download={name}
            title={`${name} · ${words.digest} ${sha256}`}
          >
            {`${format.toUpperCase()} · ${words.languageNames[language]}`}
          </a>
          <span className="soft figures"> {sizeText(size)}</span>
        </li>
      ))}
    </ul>
  );
}

function sizeText(bytes: number): string {
  return bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`;
}
