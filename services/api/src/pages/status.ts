import { STATES, type State } from '@beacontower/domain';

export type PageLanguage = 'zh' | 'en';

const WORDS = {
  zh: {
    title: '烽台 Beacontower',
    what: '网络运行中心：可签字的可用率，可信赖的告警。',
    states: '对象状态',
    needsToken: '状态数据需要令牌：以 Authorization: Bearer 请求本页或 /api/v1/objects。',
    links: '入口',
    docs: '接口文档',
    document: 'OpenAPI 3.1 描述',
    ready: '就绪状态',
    metrics: '指标',
    up: '正常',
    degraded: '劣化',
    down: '中断',
    unknown: '未知',
  },
  en: {
    title: 'Beacontower 烽台',
    what: 'Network operations centre: availability one can sign, alerts one can trust.',
    states: 'Objects by state',
    needsToken: 'States need a token: ask for this page or /api/v1/objects with Authorization: Bearer.',
    links: 'Where to go',
    docs: 'API reference',
    document: 'OpenAPI 3.1 document',
    ready: 'readiness',
    metrics: 'metrics',
    up: 'up',
    degraded: 'degraded',
    down: 'down',
    unknown: 'unknown',
  },
} as const satisfies Record<PageLanguage, Record<string, string>>;

/** The language a browser asks for: Chinese if it ranks it above English, else English. */
export function languageOf(acceptLanguage: string | undefined): PageLanguage {
  const ranked = (acceptLanguage ?? '').split(',').map((part, index) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = Number(parameters.find((parameter) => parameter.trim().startsWith('q='))?.split('=')[1] ?? 1);
    return { tag, quality: Number.isNaN(quality) ? 0 : quality, index };
  });
  const best = ranked
    .filter(({ tag, quality }) => /^(zh|en)(-|$)/.test(tag) && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)[0];
  return best?.tag.startsWith('zh') ? 'zh' : 'en';
}

/** The page at `/`: what this is, where to go, and, for a caller with a token, how many objects are in each state. */
export function statusPage(language: PageLanguage, counts: Readonly<Record<State, number>> | null): string {
  const words = WORDS[language];
  const figures =
    counts === null
      ? `<p>${words.needsToken}</p>`
      : `<dl>${STATES.map((state) => `<div class="${state}"><dt>${words[state]}</dt><dd>${counts[state]}</dd></div>`).join('')}</dl>`;
  const links = [
    ['docs', words.docs],
    ['openapi.json', words.document],
    ['readyz', words.ready],
    ['metrics', words.metrics],
  ].map(([path, label]) => `<li><a href="/${path}">${label}</a></li>`);
  return `<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.title}</title><link rel="stylesheet" href="/status.css"></head>
<body><main><h1>${words.title}</h1><p>${words.what}</p><h2>${words.states}</h2>${figures}<h2>${words.links}</h2><ul>${links.join('')}</ul></main></body>
</html>
`;
}

export const STATUS_CSS = `body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1b2733;background:#f5f7fa}
main{max-width:44rem;margin:3rem auto;padding:0 1rem}
dl{display:flex;gap:1rem;flex-wrap:wrap}
dl div{background:#fff;border-left:4px solid #8a94a0;padding:.5rem 1rem;min-width:6rem}
dt{font-size:.85rem}dd{margin:0;font-size:1.6rem}
.up{border-color:#2a8f4d}.degraded{border-color:#d08a00}.down{border-color:#c0322b}
a{color:#0b5cad}
`;
