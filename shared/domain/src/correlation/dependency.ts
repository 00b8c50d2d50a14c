import { neededParents } from './dependants.ts';
import { type CorrelatedObject, explains, type Look, levelOf, placeOf, type World } from './world.ts';

/**
 * What can be said of one parent (or of an object's parents together) about a child known to be bad at a moment:
 * `serving`: it surely served then; `dead`: it does not, `culprit` is the monitored object to blame; `unsure`: look again,
 * at the parents in `looks`, or at the child itself after `ownLookAfter`.
 */
export type PathVerdict =
  | { readonly path: 'serving' }
  | { readonly path: 'dead'; readonly culprit: string; readonly since: number; readonly incident: string | undefined }
  | { readonly path: 'unsure'; readonly looks: readonly Look[]; readonly ownLookAfter: number };

/**
 * Judges whether a child's parents explain that it was bad (level 1 degraded, 2 down) at `badAt`, the latest moment it was seen so.
 * Transparent parents are judged by their own parents. With fewer parents left than the rule needs, the culprit is the one whose
 * loss broke the rule: the last of redundant ones, the first of a series.
 */
export function judgePath(world: World, object: CorrelatedObject, level: 1 | 2, badAt: number): PathVerdict {
  const parents = object.parents.flatMap((id) => world.objects.get(id) ?? []);
  const verdicts = parents.map((parent) =>
    explains(parent) ? judgeParent(world, parent.id, level, badAt) : judgePath(world, parent, level, badAt),
  );
  const total = verdicts.length;
  // Redundancy is lost with the first of its members: a composite that is degraded needs them all.
  const needed = object.composite && level === 1 ? total : neededParents(object, total);
  const dead = verdicts.filter((verdict) => verdict.path === 'dead').sort((a, b) => a.since - b.since);
  if (total - dead.length < needed) return dead[total - needed] ?? { path: 'serving' };
  if (verdicts.filter((verdict) => verdict.path === 'serving').length >= needed) return { path: 'serving' };
  const unsure = verdicts.filter((verdict) => verdict.path === 'unsure');
  return {
    path: 'unsure',
    looks: unsure.flatMap((verdict) => verdict.looks),
    ownLookAfter: Math.max(0, ...unsure.map((verdict) => verdict.ownLookAfter)),
  };
}

function judgeParent(world: World, id: string, level: 1 | 2, badAt: number): PathVerdict {
  const status = world.statuses.get(id);
  const look: PathVerdict = { path: 'unsure', looks: [{ object: id, after: badAt }], ownLookAfter: 0 };
  if (!status) return look;
  const incident = world.pending.has(id) ? undefined : placeOf(world, id);
  const dead: PathVerdict = { path: 'dead', culprit: id, since: status.since.at, incident };
  // A parent nobody sees any more, last seen dead and not yet resolved, has not come back as far as anybody knows.
  if (status.state === 'unknown') return incident === undefined ? look : dead;
  if (levelOf(status.state) >= level) return dead;
  const returnedAt = level === 2 ? status.servingSince : status.fineSince;
  // The child was last seen before the parent's return: what it was then says nothing about now.
  if (returnedAt > badAt) return { path: 'unsure', looks: [], ownLookAfter: returnedAt };
  return status.seenAt >= badAt ? { path: 'serving' } : look;
}
