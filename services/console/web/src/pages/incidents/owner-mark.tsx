import type { IncidentSummary } from '@beacontower/contracts';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { QUEUE } from './words.ts';

/** Who has it, and to whom it is offered. That nobody has what is under way is said loudest; of what this tier is only told of, whose it is. */
export function OwnerMark({ incident }: { incident: Pick<IncidentSummary, 'owner' | 'pendingOwner' | 'state' | 'home' | 'taken'> }) {
  const words = useWords(QUEUE);
  const { person, me } = useNames();
  const { owner, pendingOwner, state, home, taken } = incident;
  if (!taken) return <span className="owner soft">{words.workedOnAt(home ?? '')}</span>;
  const underWay = state === 'open' || state === 'acknowledged';
  return (
    <span className="owner">
      {owner === null ? (
        <span className={underWay ? 'nobody' : 'soft'}>{underWay ? words.nobody : '—'}</span>
      ) : (
        <span className={me.has(owner) ? 'owner-name mine' : 'owner-name'}>{person(owner)}</span>
      )}
      {pendingOwner === null ? null : (
        <span className={me.has(pendingOwner) ? 'offered mine' : 'offered'}>{words.offeredTo(person(pendingOwner))}</span>
      )}
    </span>
  );
}
