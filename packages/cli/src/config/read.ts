import { type ConfigurationDocument, configurationFaults, configurationSchema } from '@bulwark/api';
import { FRAMEWORKS } from '@bulwark/controls';
import { lineStartsOf, parseKubernetesVersion, type Severity } from '@bulwark/core';
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
  if (problems[0] !== undefined) throw new UsageError(`${shown}: ${problems[0].reason}`);
  if (documents.length > 1) throw new UsageError(`${shown}: there is more than one document in it`);
  const value = document?.value ?? {};
  for (const { path, message, unknown } of configurationFaults(value)) faults.add(path, message, unknown);
  // What the schema refuses has no shape to go on with.
  faults.throwIfAny();
  const configuration = resolve(configurationSchema.parse(value), file, faults);
  faults.throwIfAny();
  return configuration;
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
  const version = parseKubernetesVersion(String(kubernetesVersion));
  if (!version.ok) faults.add(['kubernetesVersion'], version.error.message);
  return String(kubernetesVersion);
}
