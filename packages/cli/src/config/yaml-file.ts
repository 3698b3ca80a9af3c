import { withoutEmpty } from '@bulwark/api';
import { lineStartsOf, positionOf } from '@bulwark/core';
import { readDocuments } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import { readTextFile } from '../source/text-file.ts';
import { Faults } from './faults.ts';

/** What stands in a file of settings, and where to note what is wrong with it. */
export interface YamlFile {
  readonly value: unknown;
  readonly faults: Faults;
}

/**
 * Reads a file of settings, which is one YAML document. Its empty sections are left out.
 *
 * @param shown how messages name the file.
 * @throws UsageError where it cannot be read, with the place.
 */
export function readYamlFile(file: string, shown: string): YamlFile {
  const text = readTextFile(file);
  if (!text.ok) throw new UsageError(`${shown}: ${text.error}`);
  const { documents, problems } = readDocuments(text.value);
  const lines = { file: shown, lineStarts: lineStartsOf(text.value) };
  const [problem] = problems;
  if (problem !== undefined) {
    const { line, column } = positionOf(lines, problem.offset);
    throw new UsageError(`${shown}:${line}:${column}: ${problem.reason}`);
  }
  const [document, second] = documents;
  if (second !== undefined) {
    const { line, column } = positionOf(lines, second.start);
    throw new UsageError(
      `${shown}:${line}:${column}: a second document starts here; one is all that is read`,
    );
  }
  const faults = new Faults({
    shown,
    lines,
    value: document?.value ?? {},
    offsets: document?.offsets ?? new Uint32Array(4),
  });
  return { value: withoutEmpty(document?.value ?? {}), faults };
}
