import type { IncidentSummary } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { hasOwner } from './order.ts';
import { WALL } from './words.ts';

/** Who has it; loud when nobody does. */
export function Owner({ incident }: { incident: Pick<IncidentSummary, 'owner' | 'pendingOwner'> }) {
  const words = useWords(WALL);
  if (hasOwner(incident)) return <span className="wall-owner">{incident.owner}</span>;
  return (
    <span className="wall-owner nobody">
      {words.nobody}
      {incident.pendingOwner === null ? null : <small>{words.offered(incident.pendingOwner)}</small>}
    </span>
  );
}
