import { STATES, type State } from '@beacontower/domain';

/** By what the list is ordered. `state`: the worst first, of the same state the newest first. */
export const SORTS = ['state', 'name', 'kind', 'class', 'division', 'since'] as const;
export type SortKey = (typeof SORTS)[number];

/** What the list is asked for; an empty list of words is any. */
export interface Criteria {
  readonly text: string;
  readonly kinds: readonly string[];
  readonly classes: readonly string[];
  readonly states: readonly State[];
  /** A division and all below it; empty: any. */
  readonly division: string;
  /** Under planned work alone. */
  readonly maintenance: boolean;
  /** Those whose trouble opens no incident: shown too, left out, or nothing else. */
  readonly quiet: 'with' | 'without' | 'only';
  readonly sort: SortKey;
  readonly descending: boolean;
}

export const EVERYTHING: Criteria = {
  text: '',
  kinds: [],
  classes: [],
  states: [],
  division: '',
  maintenance: false,
  quiet: 'with',
  sort: 'state',
  descending: false,
};

const words = (text: string | null) => (text ?? '').split(',').filter((word) => word !== '');

/** Reads the criteria from an address; what is not understood is as if it were not there. */
export function readCriteria(parameters: URLSearchParams): Criteria {
  const [sort = '', order] = (parameters.get('sort') ?? '').split('.');
  const quiet = parameters.get('quiet');
  return {
    text: parameters.get('q') ?? '',
    kinds: words(parameters.get('kind')),
    classes: words(parameters.get('class')),
    states: words(parameters.get('state')).filter((word): word is State => (STATES as readonly string[]).includes(word)),
    division: parameters.get('division') ?? '',
    maintenance: parameters.get('maintenance') === 'true',
    quiet: quiet === 'without' || quiet === 'only' ? quiet : 'with',
    sort: (SORTS as readonly string[]).includes(sort) ? (sort as SortKey) : 'state',
    descending: order === 'desc',
  };
}

/** The criteria as the parameters of an address; what is as usual is left out. */
export function writeCriteria(criteria: Criteria): URLSearchParams {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string) => value !== '' && parameters.set(name, value);
  set('q', criteria.text);
  set('kind', criteria.kinds.join(','));
  set('class', criteria.classes.join(','));
  set('state', criteria.states.join(','));
  set('division', criteria.division);
  set('maintenance', criteria.maintenance ? 'true' : '');
  set('quiet', criteria.quiet === 'with' ? '' : criteria.quiet);
  if (criteria.sort !== 'state' || criteria.descending) set('sort', `${criteria.sort}${criteria.descending ? '.desc' : ''}`);
  return parameters;
}
