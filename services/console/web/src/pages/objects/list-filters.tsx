import { OBJECT_CLASSES, OBJECT_KINDS, type State } from '@beacontower/domain';
import type { RefObject } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { StateShape } from '../../parts/state-mark.tsx';
import { type Criteria, EVERYTHING } from './criteria.ts';
import { divisionChoices } from './division-choices.ts';
import type { IndexStore } from './index-store.ts';
import { LIST } from './list-words.ts';
import { useDirectory } from './use-directory.ts';

const SHOWN: readonly State[] = ['down', 'degraded', 'unknown', 'up'];

interface Props {
  readonly store: IndexStore;
  readonly criteria: Criteria;
  readonly counts: Readonly<Record<State, number>>;
  readonly change: (to: Partial<Criteria>) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

/** What the list can be asked for; every choice is in the address at once. */
export function ListFilters({ store, criteria, counts, change, search }: Props) {
  const words = useWords(LIST);
  return (
    <search className="object-filters" aria-label={words.filters}>
      <input
        ref={search}
        type="search"
        className="object-search"
        aria-label={words.searchLabel}
        placeholder={words.searchHint}
        value={criteria.text}
        maxLength={100}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => change({ text: target.value })}
      />
      <StateChips criteria={criteria} counts={counts} change={change} />
      <Choices store={store} criteria={criteria} change={change} />
      {sameAsUsual(criteria) ? null : (
        <button
          type="button"
          className="object-clear"
          onClick={() => change({ ...EVERYTHING, sort: criteria.sort, descending: criteria.descending })}
        >
          {words.clear}
        </button>
      )}
    </search>
  );
}

function sameAsUsual({ text, kinds, classes, states, division, maintenance, quiet }: Criteria): boolean {
  return (
    text === '' && kinds.length + classes.length + states.length === 0 && division === '' && !maintenance && quiet === EVERYTHING.quiet
  );
}

function StateChips({ criteria, counts, change }: Pick<Props, 'criteria' | 'counts' | 'change'>) {
  const words = useWords(LIST);
  const common = useWords(COMMON);
  const toggle = (state: State) =>
    change({ states: criteria.states.includes(state) ? criteria.states.filter((each) => each !== state) : [...criteria.states, state] });
  return (
    <fieldset className="object-chips">
      <legend className="unseen">{words.byState}</legend>
      {SHOWN.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={criteria.states.includes(state)}
          className={`object-chip state-${state}`}
          onClick={() => toggle(state)}
        >
          <StateShape state={state} />
          <span>{common.states[state]}</span>
          <span className="figures">{counts[state].toLocaleString('en-US')}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Choices({ store, criteria, change }: Pick<Props, 'store' | 'criteria' | 'change'>) {
  const words = useWords(LIST);
  const { kinds, classes } = useWords(COMMON);
  const { division: divisionName } = useDirectory();
  const one = (value: string) => (value === '' ? [] : [value]);
  return (
    <>
      <select aria-label={words.kind} value={criteria.kinds[0] ?? ''} onChange={({ target }) => change({ kinds: one(target.value) })}>
        <option value="">{words.anyKind}</option>
        {OBJECT_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {kinds[kind]}
          </option>
        ))}
      </select>
      <select aria-label={words.class} value={criteria.classes[0] ?? ''} onChange={({ target }) => change({ classes: one(target.value) })}>
        <option value="">{words.anyClass}</option>
        {OBJECT_CLASSES.map((each) => (
          <option key={each} value={each}>
            {classes[each]}
          </option>
        ))}
      </select>
      <select aria-label={words.division} value={criteria.division} onChange={({ target }) => change({ division: target.value })}>
        <option value="">{words.anyDivision}</option>
        {divisionChoices(store.divisions, criteria.division).map((path) => (
          <option key={path} value={path}>
            {divisionName(path)}
          </option>
        ))}
      </select>
      <select
        aria-label={words.quiet}
        value={criteria.quiet}
        onChange={({ target }) => change({ quiet: target.value as Criteria['quiet'] })}
      >
        <option value="with">{words.quietWith}</option>
        <option value="without">{words.quietWithout}</option>
        <option value="only">{words.quietOnly}</option>
      </select>
      <label className="object-check">
        <input type="checkbox" checked={criteria.maintenance} onChange={({ target }) => change({ maintenance: target.checked })} />
        {words.maintenance}
      </label>
    </>
  );
}
