import { type FrameworkResult, REQUIREMENT_STATES, type RequirementResult } from '@bulwark/core';
import type { Page } from './page.ts';
import { wrap } from './wrap.ts';

const LEAST_LAST_CELL = 20;

/** A table for each framework: its requirements, their verdicts, and how many verdicts of each kind led to them. */
export function* printFrameworks(page: Page, frameworks: readonly FrameworkResult[]): Generator<string> {
  for (const { id, title, version, verdict, requirements } of frameworks) {
    yield page.lines({
      label: 'FRAMEWORK',
      style: 'strong',
      text: `${title}, ${version}: ${verdict}`,
      tail: id,
    });
    const idWidth = widest(requirements.map((requirement) => requirement.id));
    const verdictWidth = widest(requirements.map((requirement) => requirement.verdict));
    for (const requirement of requirements) {
      const cells = `${requirement.id.padEnd(idWidth)}  ${requirement.verdict.padEnd(verdictWidth)} `;
      yield* row(page, cells, detail(requirement));
    }
    yield '\n';
  }
}

/** A row; its last cell is wrapped in a column of its own where there is room for one. */
function* row(page: Page, cells: string, text: string): Generator<string> {
  const room = page.width - cells.length - 1;
  const [first = '', ...rest] = room < LEAST_LAST_CELL ? [text] : wrap(text, room);
  yield page.lines({ whole: cells, text: first });
  for (const line of rest) yield page.lines({ whole: ' '.repeat(cells.length), text: line });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, { length }) => Math.max(width, length), 0);
}

function detail({ counts, reason }: RequirementResult): string {
  if (reason !== undefined) return reason;
  return REQUIREMENT_STATES.filter((each) => counts[each] > 0)
    .map((each) => `${counts[each]} ${each}`)
    .join(', ');
}
