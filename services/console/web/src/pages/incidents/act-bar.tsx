import type { IncidentSummary } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { type ActName, actsFor } from './acts.ts';
import { ACT, QUEUE } from './words.ts';

/** The key of each act, as `useActing` has them. */
const KEYS: Readonly<Record<ActName, string>> = {
  acknowledge: 'A',
  accept: 'H',
  decline: 'D',
  assign: 'S',
  comment: 'C',
  merge: 'M',
  unmerge: 'M',
  split: 'P',
  resolve: 'R',
  close: 'X',
  reopen: 'R',
  escalate: 'E',
  'hand-down': 'G',
  'accept-hand-over': 'Y',
  'decline-hand-over': 'N',
  'withdraw-hand-down': 'B',
};

interface Props {
  readonly incident: IncidentSummary | null;
  readonly me: ReadonlySet<string>;
  readonly onAct: (act: ActName) => void;
  /** Said while nothing is chosen. */
  readonly hint?: string;
}

/** What can be done now, each with its key. */
export function ActBar({ incident, me, onAct, hint }: Props) {
  const words = useWords(ACT);
  const queue = useWords(QUEUE);
  if (incident === null) return hint === undefined ? null : <div className="act-bar soft">{hint}</div>;
  const { pendingOwner } = incident;
  const wordOf = (act: ActName) =>
    act === 'decline' && !(pendingOwner !== null && me.has(pendingOwner)) ? words.takeBack : words.acts[act];
  return (
    <div className="act-bar" role="toolbar" aria-label={queue.actsOf(incident.number)}>
      <span className="figures act-bar-number">#{incident.number}</span>
      {actsFor(incident, me).map((act, index) => (
        <button
          key={act}
          type="button"
          className={index === 0 && act !== 'comment' ? 'button primary' : 'button'}
          aria-keyshortcuts={KEYS[act]}
          onClick={() => onAct(act)}
        >
          {wordOf(act)}{' '}
          <span className="key" aria-hidden="true">
            {KEYS[act]}
          </span>
        </button>
      ))}
    </div>
  );
}
