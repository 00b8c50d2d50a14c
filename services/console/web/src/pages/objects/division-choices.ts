/**
 * Divisions to choose from: the country's own levels down to the province, and below the chosen one the next level. Thousands of
 * counties at once are no choice.
 */
export function divisionChoices(paths: readonly string[], chosen: string): string[] {
  const choices = new Set<string>(chosen === '' ? [] : [chosen]);
  const chosenDepth = chosen === '' ? 0 : chosen.split('.').length;
  for (const path of paths) {
    const parts = path.split('.');
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const prefix = parts.slice(0, depth).join('.');
      if (depth <= 2 || (depth <= chosenDepth + 1 && (chosen.startsWith(`${prefix}.`) || prefix.startsWith(`${chosen}.`))))
        choices.add(prefix);
    }
  }
  return [...choices].sort();
}
