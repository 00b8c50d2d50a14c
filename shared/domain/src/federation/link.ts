/** Whether a node below is heard: blind is not down, so silence is said of the link, never of the objects behind it. */

/** How the link to a node stands; of one that is spoken for by another, the link of that one. */
export const LINK_STATES = ['heard', 'catching-up', 'silent', 'awaited', 'removed'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** What is known of a node's link. Times are epoch ms by the clock here. */
export interface LinkSeen {
  /** The last message that was taken; null: none ever was. */
  readonly heardAt: number | null;
  /** Since when it counts as silent; null: it is heard. */
  readonly silentSince: number | null;
  readonly removedAt: number | null;
  /** While its log is behind this line, what is shown is the snapshot's word. */
  readonly behindUntil: number | null;
}

/** In one word, for people. */
export function linkState({ heardAt, silentSince, removedAt, behindUntil }: LinkSeen): LinkState {
  if (removedAt !== null) return 'removed';
  if (silentSince !== null) return 'silent';
  if (heardAt === null) return 'awaited';
  return behindUntil === null ? 'heard' : 'catching-up';
}

const PREFIX = 'node/';

/** What stands for the object that is the cause, in the incident about a node: no object's id. */
export const causeOfLink = (node: string): string => `${PREFIX}${node}`;

/** Whether an incident's cause is a node. */
export const isLinkCause = (cause: string): boolean => cause.startsWith(PREFIX);

/** By what silence is judged. */
export interface SilenceRule {
  /** Longer without a message is silence, ms: five snapshots, or as whoever runs the node says. */
  readonly afterMs: number;
  /** Since when somebody has been listening here without a break: before that it is this side that was deaf. */
  readonly listeningSince: number;
}

export type LinkChange =
  /** Nothing was taken from it any more after `since`. */
  | { readonly change: 'silent'; readonly since: number }
  | { readonly change: 'heard'; readonly at: number }
  /** It does not report here any more: there is nothing to be silent. */
  | { readonly change: 'removed' };

/** What has become of a link; null: nothing. A node that never spoke is awaited, not silent. */
export function judgeLink(seen: LinkSeen, { afterMs, listeningSince }: SilenceRule, now: number): LinkChange | null {
  const { heardAt, silentSince, removedAt } = seen;
  if (removedAt !== null) return silentSince === null ? null : { change: 'removed' };
  if (heardAt === null) return null;
  const isLate = now - heardAt > afterMs;
  if (silentSince !== null) return !isLate && heardAt > silentSince ? { change: 'heard', at: heardAt } : null;
  return isLate && now - listeningSince > afterMs ? { change: 'silent', since: heardAt } : null;
}
