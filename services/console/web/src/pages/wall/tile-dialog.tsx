import type { WallTile } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { BoundsBar, Figure, VerdictMark } from '../../parts/figure.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { NodeFacts } from './node-facts.tsx';
import { Owner } from './owner.tsx';
import { WALL } from './words.ts';

const ALL_STATES = ['down', 'degraded', 'unknown', 'up'] as const;

/** One province at closer look, without leaving the wall, and the ways to its objects, incidents and availability. */
export function TileDialog({ tile, onClose }: { tile: WallTile | null; onClose: () => void }) {
  const { nameOf } = useNaming();
  return (
    <Dialog open={tile !== null} title={tile === null ? '' : nameOf(tile)} onClose={onClose}>
      {tile === null ? null : <Details tile={tile} />}
    </Dialog>
  );
}

function Details({ tile }: { tile: WallTile }) {
  const { titleOf } = useNaming();
  const words = useWords(WALL);
  const common = useWords(COMMON);
  const { availability, worst } = tile;
  const division = encodeURIComponent(tile.division);
  return (
    <div className="tile-details">
      <dl>
        <dt>{words.reasons[tile.reason]}</dt>
        <dd>
          <StateMark state={tile.state} maintenance={tile.maintenance} /> · <Since at={tile.since} />
        </dd>
        <dt>{words.objectCounts}</dt>
        <dd className="tile-counts">
          {ALL_STATES.map((state) => (
            <Link key={state} to={`/objects?division=${division}&state=${state}`}>
              <StateMark state={state} /> <span className="figures">{tile.counts[state]}</span>
            </Link>
          ))}
        </dd>
        {tile.link === null ? null : <NodeFacts link={tile.link} />}
        <dt>{words.availability}</dt>
        <dd>
          {availability === null ? (
            <span className="soft">{words.noAvailability}</span>
          ) : (
            <>
              <Figure {...availability} /> <VerdictMark verdict={availability.verdict} soFar />
              <BoundsBar {...availability} />
            </>
          )}
        </dd>
        <dt>{words.worst}</dt>
        <dd>
          {worst === null ? (
            <span className="soft">{common.none}</span>
          ) : (
            <Link to={`/incidents/${worst.id}`} className="tile-worst-link">
              <SeverityMark severity={worst.severity} />
              <span>{titleOf(worst)}</span>
              <Since at={worst.startedAt} />
              <Owner incident={worst} />
            </Link>
          )}
        </dd>
      </dl>
      <p className="tile-ways">
        <Link to={`/incidents?division=${division}`}>{words.toIncidents}</Link>
        <Link to={`/objects?division=${division}`}>{words.toObjects}</Link>
        {tile.link === null ? null : <Link to={`/nodes/${encodeURIComponent(tile.link.node)}`}>{words.toNode}</Link>}
        {availability === null ? null : (
          <Link to={`/availability/${encodeURIComponent(availability.objective)}?division=${division}`}>{words.toAvailability}</Link>
        )}
      </p>
    </div>
  );
}
