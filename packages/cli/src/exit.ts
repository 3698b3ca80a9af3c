/** What the process ends with; of several that apply the one listed first counts. */
export const ExitCode = {
  /** Usage or configuration error. */
  usage: 2,
  /** Findings at or above `--fail-on`. */
  findings: 1,
  /** `--strict`, and something could not be judged. */
  lost: 3,
  ok: 0,
  /** The program failed: a fault of its own (EX_SOFTWARE of sysexits.h), never to be taken for findings. */
  crash: 70,
} as const;

/** What the user asked for cannot be done; the message says what would be right. */
export class UsageError extends Error {}

/** The candidates that are nearest to a word, for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein distance, given up once it reaches `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_item, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}

/** A usage error for an unknown name, with the nearest one that exists. */
export function unknownName(what: string, word: string, candidates: readonly string[]): UsageError {
  const near = nearest(word, candidates);
  return new UsageError(`unknown ${what} "${word}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}
