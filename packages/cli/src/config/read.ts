import { type ConfigurationDocument, configurationFaults, configurationSchema } from '@bulwark/api';
import { FRAMEWORKS } from '@bulwark/controls';
import { parseKubernetesVersion, type Severity } from '@bulwark/core';
import type { Configuration } from './configuration.ts';
import { resolveControls } from './controls.ts';
import { resolveExceptions } from './exceptions.ts';
import type { Faults } from './faults.ts';
import { type WrittenControl, writtenControls } from './own-control.ts';
import { soundPart } from './sound-part.ts';
import { readYamlFile } from './yaml-file.ts';

/**
 * Reads and checks a configuration.
 *
 * @param shown how messages name the file.
 * @throws UsageError with every fault at once, each with its line and the nearest name that exists.
 */
export function readConfiguration(file: string, shown: string): Configuration {
  const { value, faults } = readYamlFile(file, shown);
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
