import { arrayAt, type GroupKind, type Json, type Path, type Resource } from '@bulwark/core';

/** Kinds that hand values to a chart. */
export const HELM_KINDS: readonly GroupKind[] = [
  'argoproj.io/Application',
  'argoproj.io/ApplicationSet',
  'helm.cattle.io/HelmChart',
  'helm.cattle.io/HelmChartConfig',
  'helm.crossplane.io/Release',
  'helm.toolkit.fluxcd.io/HelmRelease',
];

/** Where a kind keeps values of a chart: mappings, text in YAML, or lists of names and values. */
export function valuePlaces(resource: Resource): readonly Path[] {
  switch (resource.groupKind) {
    case 'argoproj.io/Application':
      return argoPlaces(resource.object, ['spec']);
    case 'argoproj.io/ApplicationSet':
      return argoPlaces(resource.object, ['spec', 'template', 'spec']);
    case 'helm.cattle.io/HelmChart':
    case 'helm.cattle.io/HelmChartConfig':
      return [
        ['spec', 'valuesContent'],
        ['spec', 'set'],
        ['spec', 'values'],
      ];
    case 'helm.crossplane.io/Release':
      return [
        ['spec', 'forProvider', 'values'],
        ['spec', 'forProvider', 'set'],
      ];
    default:
      return [
        ['spec', 'values'],
        ['spec', 'chart', 'values'],
      ];
  }
}

const ARGO_FIELDS = ['values', 'valuesObject', 'parameters'] as const;

function argoPlaces(object: Json, spec: Path): readonly Path[] {
  const sources: Path[] = [[...spec, 'source']];
  for (const index of (arrayAt(object, ...spec, 'sources') ?? []).keys())
    sources.push([...spec, 'sources', index]);
  return sources.flatMap((source) => ARGO_FIELDS.map((field) => [...source, 'helm', field]));
}
