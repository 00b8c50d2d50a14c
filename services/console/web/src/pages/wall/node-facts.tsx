import type { NodeDetail, WallTile } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Moment, Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { WALL } from './words.ts';

const ALL_STATES = ['down', 'degraded', 'unknown', 'up'] as const;

/** Of a province with a node of its own: how its link stands, what it told last, and beside it what is seen of its landing device from here. */
export function NodeFacts({ link }: { link: NonNullable<WallTile['link']> }) {
  const words = useWords(WALL);
  const { nameOf } = useNaming();
  const { data } = useQuery({
    queryKey: ['nodes', link.node],
    queryFn: ({ signal }) => get<NodeDetail>(`/nodes/${encodeURIComponent(link.node)}`, {}, signal),
    refetchInterval: 10_000,
  });
  return (
    <>
      <dt>{words.link}</dt>
      <dd>
        {words.links[link.state]} {link.since === null ? null : <Since at={link.since} />}
      </dd>
      {data === undefined ? null : (
        <>
          <dt>{words.seenFromHere}</dt>
          <dd className="tile-counts">
            {data.landing.length === 0 ? <span className="soft">{words.noLanding}</span> : null}
            {data.landing.map((landing) => (
              <span key={landing.object}>
                {nameOf(landing)} <StateMark state={landing.state} /> <Since at={landing.since} />
              </span>
            ))}
          </dd>
          {data.told === null ? null : (
            <>
              <dt>
                {words.toldByIt} <Moment at={data.link?.presentAt ?? null} parts="minute" />
              </dt>
              <dd className="tile-counts">
                {ALL_STATES.map((state) => (
                  <span key={state}>
                    <StateMark state={state} /> <span className="figures">{data.told?.[state] ?? 0}</span>
                  </span>
                ))}
              </dd>
            </>
          )}
        </>
      )}
    </>
  );
}
