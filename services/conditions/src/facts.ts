import { type ConditionBody, type ConditionFacts, conditionTitle } from '@beacontower/contracts';
import type { ConditionMemory, MonitoredObject } from '@beacontower/domain';
import { conditionName, type Language } from '@beacontower/messages';

/** What the incident of a condition says of it: the limits as configured, the values as seen. */
export function conditionFacts(body: ConditionBody, { value, worst }: Pick<ConditionMemory, 'value' | 'worst'>): ConditionFacts {
  const { test } = body;
  const limits =
    test.on === 'samples' ? { raise: test.raise, clear: test.clear, side: test.side } : { raise: null, clear: null, side: null };
  return {
    kind: 'condition',
    condition: body.id,
    name: body.name,
    nameEn: body.nameEn,
    test: test.on === 'samples' ? test.metric : test.on,
    value,
    worst,
    ...limits,
    state: test.on === 'state' ? test.state : null,
    forMs: body.forMs,
    severity: body.severity,
    runbook: body.runbook,
  };
}

/** The incident's title: what is the matter with what, as messages have it. */
export function titleOf(
  language: Language,
  body: Pick<ConditionBody, 'name' | 'nameEn'>,
  { kind, name }: Pick<MonitoredObject, 'kind' | 'name'>,
): string {
  return conditionTitle(language, kind, name, conditionName(body, language));
}
