import type { ConditionBody, ConditionFacts } from '@beacontower/contracts';
import type { ConditionMemory, MonitoredObject } from '@beacontower/domain';

type Language = 'zh' | 'en';

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

/** The incident's title: what is the matter with what. */
export function conditionTitle(
  language: Language,
  body: Pick<ConditionBody, 'name' | 'nameEn'>,
  object: Pick<MonitoredObject, 'name'>,
): string {
  return language === 'zh' ? `${object.name} ${body.name}` : `${object.name}: ${body.nameEn ?? body.name}`;
}
