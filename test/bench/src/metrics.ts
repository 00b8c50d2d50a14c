/** Values of the product's own metrics (Prometheus text), summed over the labels that are not asked for. */
export interface MetricsText {
  /** Sum of every series of the metric whose labels include the given ones; 0 when there is none. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

const SERIES = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;

function parseLabels(text: string): Map<string, string> {
  return new Map([...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

export function parseMetrics(text: string): MetricsText {
  const series = text.split('\n').flatMap((line) => {
    const match = line.startsWith('#') ? null : SERIES.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', labels: parseLabels(match[2] ?? ''), value: Number(match[3]) }];
  });
  return {
    sum(name, labels = {}) {
      const wanted = Object.entries(labels);
      return series
        .filter((each) => each.name === name && wanted.every(([key, value]) => each.labels.get(key) === value))
        .reduce((total, { value }) => total + value, 0);
    },
  };
}
