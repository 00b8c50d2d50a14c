import type { IncidentDetail, Page } from '@beacontower/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Failure } from '../../parts/failure.tsx';
import { Moment } from '../../parts/since.tsx';
import { DETAIL } from './detail-words.ts';

type Member = IncidentDetail['objects'][number];
const PAGE = 50;

/** Every object that was in it, its cause first, a page after the other. */
export function Members({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const id = useId();
  const { nameOf } = useNaming();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    // Read anew with each revision: members come and go with it.
    queryKey: ['/incident', incident.id, 'objects', incident.revision],
    queryFn: ({ pageParam, signal }) => get<Page<Member>>(`/incidents/${incident.id}/objects`, { limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
  });
  const members = data?.pages.flatMap(({ items }) => items) ?? incident.objects.slice(0, PAGE);
  if (members.length === 0 && error === null) return null;
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>
        {words.members} <span className="soft figures">{incident.affected}</span>
      </h2>
      {error === null ? null : <Failure error={error} />}
      <ul className="members">
        {members.map((member) => (
          <li key={`${member.id} ${member.joinedAt}`} className={member.leftAt === null ? undefined : 'soft'}>
            <Link to={`/objects/${encodeURIComponent(member.id)}`}>
              {member.name === null ? member.id : nameOf({ name: member.name, nameEn: member.nameEn })}
            </Link>
            <span>{member.role === 'cause' ? words.cause : words.symptom}</span>
            <span className="soft">
              <Moment at={member.joinedAt} parts="clock" />
              {member.leftAt === null ? null : (
                <>
                  {' → '}
                  <Moment at={member.leftAt} parts="clock" /> {words.left}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage ? (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.moreMembers}
        </button>
      ) : null}
    </section>
  );
}
