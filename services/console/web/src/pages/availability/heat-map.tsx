import type { ObjectiveDays } from '@beacontower/contracts';
import { addDays, localDate } from '@beacontower/domain';
import { type KeyboardEvent, useRef, useState } from 'react';
import { formatDuration, formatPercent } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import './availability.css';
import { type DayCell, type DayKind, dateAfterKey, type MonthGrid, monthsOf } from './heat.ts';
import { AVAILABILITY } from './words.ts';

const MARKS: Readonly<Record<DayKind, string>> = { clean: '', lost: '•', missed: '✕', undecided: '?', unseen: '?', coming: '' };
const KINDS = ['clean', 'lost', 'missed', 'undecided', 'unseen', 'coming'] as const;

interface HeatMapProps {
  readonly days: ObjectiveDays;
  readonly chosen: string | null;
  readonly onChoose: (date: string | null) => void;
}

/** The days of the period as a calendar: one stop of the tabulator, arrows move through the days, a press chooses one. */
export function HeatMap({ days, chosen, onChoose }: HeatMapProps) {
  const words = useWords(AVAILABILITY);
  const first = localDate(Date.parse(days.from), days.timeZone);
  const next = addDays(localDate(Date.parse(days.to) - 1, days.timeZone), 1);
  const months = monthsOf(days.items, first, next);
  const [at, setAt] = useState(chosen ?? days.items.at(-1)?.date ?? first);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = dateAfterKey(event.key, at, first, next);
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setAt(to);
    box.current?.querySelector<HTMLButtonElement>(`[data-date="${to}"]`)?.focus();
  };
  return (
    <section className="card" aria-label={words.calendar}>
      <div className="card-head">
        <h2>{words.calendar}</h2>
        <span className="soft">{words.calendarHint}</span>
      </div>
      <div
        ref={box}
        className={months.length === 1 ? 'months large' : 'months'}
        role="toolbar"
        aria-label={words.calendar}
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        {months.map((grid) => (
          <Month
            key={grid.month}
            grid={grid}
            active={at}
            chosen={chosen}
            onChoose={(date) => {
              setAt(date);
              onChoose(date === chosen ? null : date);
            }}
          />
        ))}
      </div>
      <ul className="legend soft">
        {KINDS.map((kind) => (
          <li key={kind}>
            <span className={`day day-${kind}`} style={{ width: 22, height: 18 }} aria-hidden="true">
              {MARKS[kind]}
            </span>
            {words.dayKinds[kind]}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface MonthProps {
  readonly grid: MonthGrid;
  readonly active: string;
  readonly chosen: string | null;
  readonly onChoose: (date: string) => void;
}

function Month({ grid, active, chosen, onChoose }: MonthProps) {
  const words = useWords(AVAILABILITY);
  const weekdays = words.weekdays.split(',');
  return (
    <table className="month">
      <caption className="figures">{grid.month}</caption>
      <thead>
        <tr>
          {weekdays.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {grid.weeks.map((week) => (
          <tr key={week.find((cell) => cell !== null)?.date}>
            {week.map((cell, column) => (
              <td key={weekdays[column]}>
                {cell === null ? null : (
                  <DayButton cell={cell} active={cell.date === active} pressed={cell.date === chosen} onChoose={onChoose} />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayProps {
  readonly cell: DayCell;
  readonly active: boolean;
  readonly pressed: boolean;
  readonly onChoose: (date: string) => void;
}

function DayButton({ cell, active, pressed, onChoose }: DayProps) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  const { date, kind, day } = cell;
  const facts =
    day === null
      ? []
      : [
          formatPercent(day.availability, 3),
          `${words.down} ${formatDuration(day.downMs, language)}`,
          ...(day.unknownMs > 0 ? [`${words.unknown} ${formatDuration(day.unknownMs, language)}`] : []),
        ];
  const told = [date, words.dayKinds[kind], ...facts].join(' · ');
  const number = Number(date.slice(8));
  return (
    <button
      type="button"
      className={`day day-${kind}`}
      data-date={date}
      tabIndex={active ? 0 : -1}
      aria-pressed={pressed}
      aria-disabled={day === null}
      aria-label={`${number} · ${told}`}
      title={told}
      onClick={() => {
        if (day !== null) onChoose(date);
      }}
    >
      {number}
      <i aria-hidden="true">{MARKS[kind]}</i>
    </button>
  );
}
