/** What messages tell beside the plain outage: how far it reaches, conditions, flapping, and what the notice itself says. */
import { BlastRadius, ConditionFacts, FlappingFacts, type IncidentFacts, LinkFacts, NoticeBody } from '@beacontower/contracts';
import { z } from 'zod';
import type { Language } from './wording.ts';

const reach = BlastRadius.shape.lost.omit({ first: true }).extend({ first: z.array(z.object({ id: z.string(), name: z.string() })) });

/** Whom it cut off, and who only lost redundancy: counts of objects, units and services, and the first of them by name. */
export const BlastPart = z.object({ lost: reach, redundancy: reach });
export type BlastPart = z.infer<typeof BlastPart>;

/** Of a condition: what is held against what. Fractions for utilisation, errors, discards and loss; ms for rtt and jitter. */
export const ConditionPart = ConditionFacts.omit({ kind: true, nameEn: true, severity: true, runbook: true });
export type ConditionPart = z.infer<typeof ConditionPart>;

/** Of flapping: the weighted share of changes, and at which it begins and ends. */
export const FlappingPart = FlappingFacts.omit({ kind: true });
export type FlappingPart = z.infer<typeof FlappingPart>;

/** Of a node that is not heard: since when, and what is seen of its landing device from here. Times are RFC 3339. */
export const LinkPart = LinkFacts.omit({ kind: true, nameEn: true }).extend({
  heardAt: z.string(),
  observedUntil: z.string().nullable(),
  landing: z.array(LinkFacts.shape.landing.element.omit({ nameEn: true }).extend({ since: z.string().nullable() })),
});
export type LinkPart = z.infer<typeof LinkPart>;

/** What the notice says beside the incident: the step of an escalation, who is asked, the other incident. By its type. */
export const NoticePart = NoticeBody.omit({ resolution: true });
export type NoticePart = z.infer<typeof NoticePart>;

export function blastPart(blast: BlastRadius, nameOf: (id: string) => string): BlastPart {
  const named = ({ objects, units, services, first }: BlastRadius['lost']) => ({
    objects,
    units,
    services,
    first: first.map((id) => ({ id, name: nameOf(id) })),
  });
  return { lost: named(blast.lost), redundancy: named(blast.redundancy) };
}

export function factsPart(
  facts: IncidentFacts,
  language: Language,
): { condition: ConditionPart } | { flapping: FlappingPart } | { link: LinkPart } {
  if (facts.kind === 'link') return { link: linkPart(facts, language) };
  if (facts.kind === 'flapping') return { flapping: FlappingPart.parse(facts) };
  return { condition: { ...ConditionPart.parse(facts), name: conditionName(facts, language) } };
}

/** What a condition, or a node, is called in a language. */
export function conditionName(facts: Pick<ConditionFacts, 'name' | 'nameEn'>, language: Language): string {
  return (language === 'en' ? facts.nameEn : null) ?? facts.name;
}

function linkPart({ heardAt, observedUntil, landing, ...rest }: LinkFacts, language: Language): LinkPart {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return LinkPart.parse({
    ...rest,
    name: conditionName(rest, language),
    heardAt: iso(heardAt),
    observedUntil: iso(observedUntil),
    landing: landing.map((each) => ({ ...each, name: conditionName(each, language), since: iso(each.since) })),
  });
}
