import type { NodeDetail, NodeLink, NodeUplink } from '@beacontower/contracts';
import { useId } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { Moment, Since } from '../../parts/since.tsx';
import { LinkTag } from './link-tag.tsx';
import { NODES } from './words.ts';

/** How the link to a node stands, and how far its record is here. */
export function LinkCard({ node, link }: { node: NodeDetail; link: NodeLink }) {
  const words = useWords(NODES);
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.link}</h2>
      <dl className="facts">
        <dt>{words.state}</dt>
        <dd>
          <LinkTag link={link} />
          {link.incident === null ? null : (
            <Link to={`/incidents/${link.incident.id}`}>{`${words.incident} #${link.incident.number}`}</Link>
          )}
        </dd>
        <dt>{words.division}</dt>
        <dd>{link.via === null ? node.division : `${node.division}, ${words.via(link.via)}`}</dd>
        <dt>{words.heardAt}</dt>
        <dd>
          <Moment at={link.heardAt} />
        </dd>
        <dt>{words.observedUntil}</dt>
        <dd>
          <Moment at={node.watermark} />
        </dd>
        <dt>{words.place}</dt>
        <dd className="figures">{words.upTo(link.log.sequence, link.log.behind)}</dd>
        <dt>{words.clock}</dt>
        <dd className="figures">{link.clockOffsetMs === null ? '—' : `${link.clockOffsetMs} ms`}</dd>
        <dt>{words.version}</dt>
        <dd>{link.software ?? '—'}</dd>
        <dt>{words.enrolled}</dt>
        <dd>
          <Moment at={link.enrolledAt} parts="minute" />
        </dd>
        {link.refused === null ? null : <Failed term={words.refused} failure={link.refused} />}
      </dl>
    </section>
  );
}

/** Whom this node reports to, and what waits to be sent. */
export function UplinkCard({ uplink }: { uplink: NodeUplink | null }) {
  const words = useWords(NODES);
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.above}</h2>
      {uplink === null ? (
        <p className="soft">{words.noAbove}</p>
      ) : (
        <dl className="facts">
          <dt>{words.name}</dt>
          <dd>
            {uplink.parent ?? '—'} <code className="soft">{uplink.url}</code>
          </dd>
          <dt>{words.answeredAt}</dt>
          <dd>
            <Moment at={uplink.heardAt} />
          </dd>
          <dt>{words.waiting}</dt>
          <dd className="figures">
            {uplink.waiting} {uplink.oldestWaitingAt === null ? null : <Since at={uplink.oldestWaitingAt} />}
          </dd>
          <dt>{words.acknowledged}</dt>
          <dd className="figures">
            {uplink.acknowledged} / {uplink.built}
          </dd>
          <dt>{words.clock}</dt>
          <dd className="figures">{uplink.clockOffsetMs === null ? '—' : `${uplink.clockOffsetMs} ms`}</dd>
          <dt>{words.certificateEnds}</dt>
          <dd>
            <Moment at={uplink.certificateEndsAt} parts="minute" />
          </dd>
          {uplink.failure === null ? null : <Failed term={words.failure} failure={uplink.failure} />}
        </dl>
      )}
    </section>
  );
}

function Failed({ term, failure }: { term: string; failure: { readonly at: string; readonly code: string; readonly detail: string } }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>
        <Moment at={failure.at} /> <code>{failure.code}</code> {failure.detail}
      </dd>
    </>
  );
}
