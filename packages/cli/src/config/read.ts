import {
  type ConfigurationDocument,
  configurationFaults,
  configurationSchema,
  type SchemaFault,
  withoutEmpty,
} from '@bulwark/api';
import { FRAMEWORKS } from '@bulwark/controls';
import { isObject, lineStartsOf, parseKubernetesVersion, positionOf, type Severity } from '@bulwark/core';
import { readDocuments } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import { readTextFile } from '../source/text-file.ts';
import type { Configuration } from './configuration.ts';
import { resolveControls } from './controls.ts';
import { resolveExceptions } from './exceptions.ts';
import { Faults } from './faults.ts';

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
  if (documents.length > 1) throw new UsageError(`${shown}: there is more than one document in it`);
  const value = withoutEmpty(document?.value ?? {});
  const wrong = configurationFaults(value);
  for (const { path, message, unknown } of wrong) faults.add(path, message, unknown);
  // Names are looked up in what is left without the sections that have no shape to go on with.
  const sound = configurationSchema.safeParse(soundPart(value, wrong));
  const configuration = sound.success ? resolve(sound.data, file, faults) : undefined;
  faults.throwIfAny();
  if (configuration === undefined) throw new Error('a configuration without faults does not parse');
  return configuration;
}

/** A document without the controls, or else the sections, that have faults. */
function soundPart(value: unknown, faults: readonly SchemaFault[]): unknown {
  if (!isObject(value)) return {};
  const bad = new Set(
    faults.map(({ path: [section, name] }) => (section === 'controls' ? `controls.${name}` : section)),
  );
  const { controls } = value;
  const kept = Object.entries(value).filter(
    ([section]) => !bad.has(section) && !bad.has(`${section}.undefined`),
  );
  return {
    ...Object.fromEntries(kept),
    ...(isObject(controls) && {
      controls: Object.fromEntries(Object.entries(controls).filter(([name]) => !bad.has(`controls.${name}`))),
    }),
  };
}

function resolve(document: ConfigurationDocument, file: string, faults: Faults): Configuration {
  const { controls, enabled } = resolveControls(document, faults);
  const { annotations = 'accept', otherTools = 'accept', accepted = [] } = document.exceptions ?? {};
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
