import type { CoverageEntry, Finding } from '@bulwark/core';
import { counted } from './noun.ts';

/** `file:line`, which terminals and editors make clickable; undefined for live objects. */
export function placeOf({ file, line }: Pick<CoverageEntry, 'file' | 'line'>): string | undefined {
  if (file === undefined) return undefined;
  return line === undefined ? file : `${file}:${line}`;
}

/** The place of a finding. */
export function placeOfFinding({ file, region }: Finding): string | undefined {
  return placeOf({ ...(file !== undefined && { file }), ...(region && { line: region.line }) });
}

/** The object of a finding, with its namespace where no file says which object is meant, and the container. */
export function subjectOf({ resource, container, file }: Finding): string {
  const object = `${resource.kind}/${resource.name}`;
  const where = file === undefined && resource.namespace !== '' ? ` in namespace ${resource.namespace}` : '';
  return container === undefined ? `${object}${where}` : `${object}${where}, container ${container}`;
}

/** Where else: how many places there are besides the first, and in how many files. */
export function othersOf(findings: readonly Finding[]): string {
  const [first, ...others] = findings;
  if (first === undefined || others.length === 0) return '';
  if (first.file === undefined) return ` and ${others.length} more`;
  const elsewhere = others.filter(({ file }) => file !== first.file);
  const files = counted(new Set(elsewhere.map(({ file }) => file)).size, 'other file');
  if (elsewhere.length === 0) return ` and ${others.length} more in this file`;
  if (elsewhere.length === others.length) return ` and ${others.length} more in ${files}`;
  return ` and ${others.length} more (${elsewhere.length} in ${files})`;
}
