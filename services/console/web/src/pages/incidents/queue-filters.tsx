import { useId } from 'react';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { NO_FILTER, QUEUE_KINDS, QUEUE_ORDERS, QUEUE_OWNERS, QUEUE_SEVERITIES, QUEUE_STATES, type QueueFilter } from './queue-filter.ts';
import { QUEUE } from './words.ts';

interface Props {
  readonly filter: QueueFilter;
  readonly count: number;
  readonly onChange: (filter: QueueFilter) => void;
}

/** What the queue shows; all of it stands in the address. */
export function QueueFilters({ filter, count, onChange }: Props) {
  const words = useWords(QUEUE);
  const common = useWords(COMMON);
  const { directory, division } = useNames();
  const filtered = (Object.keys(NO_FILTER) as (keyof QueueFilter)[]).some((key) => filter[key] !== NO_FILTER[key]);
  const divisions = directory?.divisions.map(({ id }): [string, string] => [id, division(id)]) ?? [];
  return (
    <search className="filters">
      <fieldset className="segments">
        <legend className="unseen">{words.whose}</legend>
        {QUEUE_OWNERS.map((owner, index) => (
          <label key={owner} className={filter.owner === owner ? 'segment chosen' : 'segment'}>
            <input type="radio" name="owner" checked={filter.owner === owner} onChange={() => onChange({ ...filter, owner })} />
            {words.owners[owner]}{' '}
            <span className="key" aria-hidden="true">
              {index + 1}
            </span>
          </label>
        ))}
      </fieldset>
      <input
        type="search"
        className="filter-search"
        data-queue-search=""
        aria-label={words.searchLabel}
        placeholder={words.searchLabel}
        maxLength={100}
        value={filter.q}
        onChange={(event) => onChange({ ...filter, q: event.target.value })}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape' || key === 'Enter') currentTarget.blur();
        }}
      />
      <Choice
        label={words.stateLabel}
        value={filter.state}
        options={QUEUE_STATES.map((state) => [state, words.states[state]])}
        onChoose={(state) => onChange({ ...filter, state: state ?? NO_FILTER.state })}
      />
      <Choice
        label={words.severityLabel}
        value={filter.severity}
        any={words.anySeverity}
        options={QUEUE_SEVERITIES.map((severity) => [severity, common.severities[severity]])}
        onChoose={(severity) => onChange({ ...filter, severity })}
      />
      <Choice
        label={words.kindLabel}
        value={filter.kind}
        any={words.anyKind}
        options={QUEUE_KINDS.map((kind) => [kind, common.incidentKinds[kind]])}
        onChoose={(kind) => onChange({ ...filter, kind })}
      />
      {divisions.length > 1 ? (
        <Choice
          label={words.divisionLabel}
          value={filter.division}
          any={words.anyDivision}
          options={divisions}
          onChoose={(chosen) => onChange({ ...filter, division: chosen })}
        />
      ) : null}
      <Choice
        label={words.orderLabel}
        value={filter.order}
        options={QUEUE_ORDERS.map((order) => [order, words.orders[order]])}
        onChoose={(order) => onChange({ ...filter, order: order ?? NO_FILTER.order })}
      />
      <label className="filter-check">
        <input type="checkbox" checked={filter.merged} onChange={(event) => onChange({ ...filter, merged: event.target.checked })} />
        {words.withMerged}
      </label>
      {filtered ? (
        <button type="button" className="button" onClick={() => onChange(NO_FILTER)}>
          {words.clear}
        </button>
      ) : null}
      <output className="filter-count">{words.count(count)}</output>
    </search>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  /** What stands for no choice; without it one is always chosen. */
  readonly any?: string;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T | null) => void;
}

/** One choice out of some. */
export function Choice<T extends string>({ label, value, any, options, onChoose }: ChoiceProps<T>) {
  const id = useId();
  return (
    <span className="filter-choice">
      <label htmlFor={id} className="unseen">
        {label}
      </label>
      <select
        id={id}
        value={value ?? ''}
        onChange={({ target }) => onChoose(options.find(([option]) => option === target.value)?.[0] ?? null)}
      >
        {any === undefined ? null : <option value="">{any}</option>}
        {options.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    </span>
  );
}
