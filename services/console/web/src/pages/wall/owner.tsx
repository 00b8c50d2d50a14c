import type { IncidentSummary } from '@beacontower/contracts';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { WALL } from './words.ts';

/** Who has it; loud when nobody does. Of what this tier is only told of, the node that has it: who that is there is not for this tier to ask. */
export function Owner({ incident }: { incident: Pick<IncidentSummary, 'owner' | 'pendingOwner' | 'home' | 'taken'> }) {
  const words = useWords(WALL);
  const { person } = useNames();
  if (!incident.taken) return <span className="wall-owner">{words.workedOnAt(incident.home ?? '')}</span>;
  if (incident.owner !== null) return <span className="wall-owner">{person(incident.owner)}</span>;
  return (
    <span className="wall-owner nobody">
      {words.nobody}
      {incident.pendingOwner === null ? null : <small>{words.offered(person(incident.pendingOwner))}</small>}
    </span>
  );
}
