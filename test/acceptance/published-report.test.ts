/** The report of the first half of 2018 prints the figures that were published of it, in the form in which they were published. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PublishedNode, startPublishedNode } from './support/published/node.ts';

const SUMMARY = {
  zh: '2018年上半年,用户接入网络平均可用率为99.91%,互联网出口平均可用率为99.97%,中央广域骨干网平均可用率为99.97%',
  en: 'In the first half of 2018, the average availability of user access was 99.91%, of the Internet exit 99.97% and of the central wide-area backbone 99.97%.',
};
const COVERAGE = {
  zh: '截至2018年6月30日,省级覆盖率为100%,地市级覆盖率为100%,县级覆盖率为95.9%(含新疆生产建设兵团为96.1%)',
  en: 'At the end of 2018-06-30 the network reached 100% of the provinces, 100% of the cities and 95.9% of the counties (96.1% with the Corps counted in).',
};

let node: PublishedNode;
let said: string;

beforeAll(async () => {
  node = await startPublishedNode();
  const out = join(node.directory, 'out');
  said = await node.beacontower('report', 'create', '--period', '2018-H1', '--language', 'zh', '--language', 'en', '--out', out);
}, 600_000);
afterAll(() => node?.stop());

/** The text of a file of the report, however it is packed; without the breaks that lines and cells put into it. */
async function textOf(language: 'zh' | 'en', format: string): Promise<string> {
  const out = join(node.directory, 'out');
  const start = language === 'zh' ? '可用率报告' : 'availability-report';
  const name = (await readdir(out)).find((each) => each.startsWith(start) && each.endsWith(`.${format}`));
  if (name === undefined) throw new Error(`there is no ${format} in ${language}`);
  const bytes = await readFile(join(out, name));
  if (format === 'csv') return bytes.toString('utf8');
  if (format === 'pdf') {
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
    return text;
  }
  const parts = Object.entries(unzipSync(new Uint8Array(bytes))).filter(([part]) => part.endsWith('.xml'));
  return parts.map(([, xml]) => strFromU8(xml).replace(/<[^>]+>/gu, '')).join(' ');
}

const unbroken = (text: string) => text.replace(/\s+/gu, '');

test('the command says the summary as it was published', () => {
  for (const language of ['zh', 'en'] as const) {
    expect(said).toContain(SUMMARY[language]);
    expect(said).toContain(COVERAGE[language]);
  }
});

describe.each(['zh', 'en'] as const)('the report in %s', (language) => {
  test.each(['docx', 'pdf', 'xlsx', 'csv'])('has the published figures in its %s', async (format) => {
    const text = unbroken(await textOf(language, format));
    expect(text).toContain(unbroken(SUMMARY[language]));
    expect(text).toContain(unbroken(COVERAGE[language]));
  });
});
