import {
  type ConfigurationDocument,
  configurationFaults,
  configurationSchema,
  withoutEmpty,
} from '@bulwark/api';
import { FRAMEWORKS } from '@bulwark/controls';
import { lineStartsOf, parseKubernetesVersion, positionOf, type Severity } from '@bulwark/core';
import { readDocuments } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import { readTextFile } from '../source/text-file.ts';
import type { Configuration } from './configuration.ts';
import { resolveControls } from './controls.ts';
import { resolveExceptions } from './exceptions.ts';
import { Faults } from './faults.ts';
import { type WrittenControl, writtenControls } from './own-control.ts';
import { soundPart } from './sound-part.ts';

/**
 * Reads and checks a configuration.
 *
 * @param shown how messages name the file.
 * @throws UsageError with every fault at once, each with its line and the nearest name that exists.
 */
export function readConfiguration(file: string, shown: string): Configuration {
  const text = readTextFile(file);
  if (!text.ok) throw new UsageError(`${shown}: ${text.error}`);
  const { documents, problems } = readDocuments(text.value);
  const lines = { file: shown, lineStarts: lineStartsOf(text.value) };
  const [document] = documents;
  const faults = new Faults({
    shown,
    lines,
    value: document?.value ?? {},
    offsets: document?.offsets ?? new Uint32Array(4),
  });
  const [problem] = problems;
  if (problem !== undefined) {
    const { line, column } = positionOf(lines, problem.offset);
    throw new UsageError(`${shown}:${line}:${column}: ${problem.reason}`);
  }
  const second = documents[1];
  if (second !== undefined) {
    const { line, column } = positionOf(lines, second.start);
    throw new UsageError(
      `${shown}:${line}:${column}: a second document starts here; one is all that is read`,
    );
  }
  const value = withoutEmpty(document?.value ?? {});
  const wrong = configurationFaults(value);
  for (const { path, message, unknown } of wrong) faults.add(path, message, unknown);
  const sound = configurationSchema.safeParse(soundPart(value, wrong));
  const configuration = sound.success
    ? resolve(sound.data, writtenControls(value), { file, faults })
    : undefined;
  faults.throwIfAny();
  if (configuration === undefined) throw new Error('a configuration without faults does not parse');
  return configuration;
}

function resolve(
  document: ConfigurationDocument,
  custom: readonly WrittenControl[],
  { file, faults }: { readonly file: string; readonly faults: Faults },
): Configuration {
  const { controls, enabled } = resolveControls(document, custom, faults);
  const { annotations = 'accept', otherTools = annotations, accepted = [] } = document.exceptions ?? {};
  const kubernetesVersion = versionOf(document, faults);
  const known = FRAMEWORKS.map(({ id }) => id);
  for (const [index, id] of (document.frameworks ?? []).entries())
    if (!known.includes(id)) faults.add(['frameworks', index], 'unknown framework', { text: id, known });
  return {
    file,
    ...(document.profile !== undefined && { profile: document.profile }),
    ...(document.failOn !== undefined && { failOn: document.failOn as Severity | 'never' }),
    ...(document.minSeverity !== undefined && { minSeverity: document.minSeverity }),
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
    frameworks: document.frameworks ?? [],
    ignore: document.ignore ?? [],
    controls,
    enabled,
    exceptions: resolveExceptions(accepted, controls, faults),
    annotations,
    otherTools,
  };
}

function versionOf({ kubernetesVersion }: ConfigurationDocument, faults: Faults): string | undefined {
  if (kubernetesVersion === undefined) return undefined;
  const version = parseKubernetesVersion(kubernetesVersion);
  if (!version.ok) faults.add(['kubernetesVersion'], version.error.message);
  return kubernetesVersion;
}
