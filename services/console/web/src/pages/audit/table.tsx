import type { AuditRow } from '@beacontower/contracts';
import { Fragment, useState } from 'react';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { Moment } from '../../parts/since.tsx';
import { actionWords } from './action-words.ts';
import { AUDIT } from './words.ts';

const LOOKS: Readonly<Record<string, readonly [string, string]>> = {
  done: ['good', '●'],
  denied: ['bad', '✕'],
  refused: ['warn', '▲'],
  failed: ['bad', '■'],
};

/** Rows of the audit, newest first; each opens to all that was recorded of it. */
export function AuditTable({ rows }: { rows: readonly AuditRow[] }) {
  const words = useWords(AUDIT);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const turn = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return (
    <Scroll className="card" label={words.title}>
      <table className="plain-table audit-table">
        <thead>
          <tr>
            <th scope="col" className="end">
              {words.sequence}
            </th>
            <th scope="col">{words.at}</th>
            <th scope="col">{words.actor}</th>
            <th scope="col">{words.source}</th>
            <th scope="col">{words.action}</th>
            <th scope="col">{words.object}</th>
            <th scope="col">{words.result}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const key = row.sequence === null ? `${row.at} ${row.actor} ${index}` : String(row.sequence);
            return (
              <Fragment key={key}>
                <Row row={row} open={open.has(key)} onTurn={() => turn(key)} />
                {open.has(key) ? <Opened row={row} /> : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({ row, open, onTurn }: { row: AuditRow; open: boolean; onTurn: () => void }) {
  const words = useWords(AUDIT);
  const { language } = useLanguage();
  const [look, mark] = LOOKS[row.result] ?? ['off', '○'];
  return (
    <tr>
      <td className="end figures">{row.sequence ?? words.waiting}</td>
      <td>
        <Moment at={row.at} />
      </td>
      <th scope="row">{row.actor}</th>
      <td className="figures">{row.source ?? '—'}</td>
      <td>{actionWords(row.action, language) ?? <code>{row.action}</code>}</td>
      <td className="figures audit-object" title={row.object}>
        {row.object || '—'}
      </td>
      <td>
        <span className={`tag ${look}`}>
          <span aria-hidden="true">{mark}</span>
          {words.results[row.result] ?? row.result}
        </span>
      </td>
      <td>
        <button
          type="button"
          className="button small"
          aria-expanded={open}
          aria-label={words.detailOf(String(row.sequence ?? row.at))}
          onClick={onTurn}
        >
          {words.details}
        </button>
      </td>
    </tr>
  );
}

function Opened({ row }: { row: AuditRow }) {
  const words = useWords(AUDIT);
  return (
    <tr className="audit-opened">
      <td colSpan={8}>
        <dl className="facts">
          <dt>{words.raw}</dt>
          <dd className="figures">{row.action}</dd>
          <dt>{words.object}</dt>
          <dd className="figures">{row.object || '—'}</dd>
          {Object.entries(row.detail).map(([name, value]) => (
            <Fragment key={name}>
              <dt className="figures">{name}</dt>
              <dd className="figures">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </Fragment>
          ))}
          <dt>{words.hash}</dt>
          <dd className="figures">{row.hash ?? words.waiting}</dd>
        </dl>
      </td>
    </tr>
  );
}
