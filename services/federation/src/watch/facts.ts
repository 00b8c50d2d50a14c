import type { LinkFacts } from '@beacontower/contracts';
import type { Landing, WatchedLink } from '@beacontower/database';

/** What is known around a silent node as its facts are made. */
export interface Around {
  readonly afterMs: number;
  /** Objects of the node that are unobserved from here. */
  readonly objects: number;
  readonly links: readonly WatchedLink[];
  readonly landing: readonly Landing[];
}

/** What the incident about a node's silence says. */
export function factsOf(link: WatchedLink, heardAt: number, { afterMs, objects, links, landing }: Around): LinkFacts {
  const others = links.filter(({ node, heardAt: heard, removedAt }) => node !== link.node && heard !== null && removedAt === null);
  const { refused } = link;
  return {
    kind: 'link',
    node: link.node,
    name: link.name,
    nameEn: link.nameEn,
    heardAt,
    afterMs,
    observedUntil: link.observedAll === 0 ? null : link.observedAll,
    objects,
    others: others.length,
    othersSilent: others.filter(({ silentSince }) => silentSince !== null).length,
    refused: refused === null || refused.at < heardAt ? null : { code: refused.code, detail: refused.detail },
    landing: landing
      .filter(({ division }) => division === link.division)
      .map(({ object, name, nameEn, state, since }) => ({ object, name, nameEn, state, since })),
  };
}

/** Whether people are to read of it: what is seen of the node's place from here has another state. */
export function isLandingNews(before: LinkFacts | null, after: LinkFacts): boolean {
  const said = (facts: LinkFacts | null) => JSON.stringify((facts?.landing ?? []).map(({ object, state }) => [object, state]));
  return said(before) !== said(after);
}
