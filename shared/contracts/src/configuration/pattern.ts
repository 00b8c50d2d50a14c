/** Regular expressions of people: whether they are any, and whether they could take for ever. */

/** Whether it is a regular expression. */
export function isPattern(written: string): boolean {
  try {
    new RegExp(written, 'u');
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a repeated group holds a repetition, as `(a+)*` does: a text that almost matches may then be tried in more ways than there is
 * time for. Some that are harmless are taken for such.
 */
export function repeatsRepetition(pattern: string): boolean {
  // What stands for one character holds no group and no repetition.
  const bare = pattern.replace(/\\./gsu, 'x').replace(/\[[^\]]*\]/gu, 'x');
  const groups = [false];
  for (let i = 0; i < bare.length; i += 1) {
    if (bare[i] === '(') groups.push(false);
    else if (bare[i] === ')') {
      const inner = groups.pop() === true;
      if (inner && isRepeated(bare, i + 1)) return true;
      if (inner) groups[groups.length - 1] = true;
    } else if (isRepeated(bare, i)) groups[groups.length - 1] = true;
  }
  return false;
}

/** Whether what stands at `i` repeats without end. */
function isRepeated(bare: string, i: number): boolean {
  return /^(?:[*+]|\{\d+,\})/.test(bare.slice(i, i + 16));
}
