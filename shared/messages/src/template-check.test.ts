import { expect, it } from 'vitest';
import { checkConfiguredTemplate as check } from './template-check.ts';

it.each([
  ['title', '{{ title }}', null],
  ['body', '{{ badge }} {{ title }}', null],
  ['body', '{{ incident.tag }} {{ incident.title }}', null],
  ['body', '{{ incident.severityName }}: {{ title }}', /an alarm and its end/],
  ['title', '{{ title }', /closed/],
  ['title', '{{ nobody }}', /nobody/],
  ['title', '{{ secrets.key }}', /secrets/],
  ['gateway', '?to={{ address }}&key={{ secrets.key }}', null],
  ['gateway', '{{ titel }}', /titel/],
  ['gateway-json', '{"to": "{{ address }}", "key": "{{ secrets.key }}", "text": "{{ text }}"}', null],
  ['gateway-json', '{"text": {{ text | json }}}', null],
  ['gateway-json', '', null],
  ['gateway-json', '{"text": {{ text }}}', /not JSON/],
  ['gateway-json', 'to={{ address }}', /not JSON/],
  ['gateway-json', '{{ titel }}', /titel/],
] as const)('as %s, %s: %s', (use, template, problem) => {
  const found = check(template, use);
  if (problem === null) expect(found).toBeNull();
  else {
    expect(found?.problem.en).toMatch(problem);
    expect(found?.problem.zh).toMatch(/[\u4e00-\u9fff]/);
  }
});
