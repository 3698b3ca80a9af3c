import type { Exception, Finding, ResourceRef } from '@bulwark/core';
import { quote } from './quote.ts';

/** Texts that are kept, so that a report of any size needs a bounded memory. */
const MOST_KEPT = 20_000;

/**
 * A printer of findings, put together by hand: they are most of a big report, and `JSON.stringify` with a second look
 * for what it leaves raw takes a third longer. Findings come sorted by control, so what depends on it alone is kept.
 */
export function findingLine(): (finding: Finding) => string {
  let control: string | undefined;
  let severity = '';
  let ofControl = '';
  const resources = new Map<ResourceRef, string>();
  const often = new Map<string, string>();
  /** Files and paths come back with finding after finding. */
  const quoteOften = (text: string): string => {
    let quoted = often.get(text);
    if (quoted === undefined) {
      quoted = quote(text);
      if (often.size < MOST_KEPT) often.set(text, quoted);
    }
    return quoted;
  };
  const resourceOf = (resource: ResourceRef): string => {
    let text = resources.get(resource);
    if (text === undefined) {
      text =
        `"resource":{"apiVersion":${quote(resource.apiVersion)},"kind":${quote(resource.kind)},` +
        `"namespace":${quote(resource.namespace)},"name":${quote(resource.name)}}`;
      if (resources.size < MOST_KEPT) resources.set(resource, text);
    }
    return text;
  };
  return (finding) => {
    if (finding.control !== control || finding.severity !== severity) {
      ({ control, severity } = finding);
      ofControl = `"control":${quote(control)},"severity":${quote(severity)}`;
    }
    const { fingerprint, message, resource, path } = finding;
    const file = finding.file === undefined ? '' : `,"file":${quoteOften(finding.file)}`;
    return (
      `{"fingerprint":${quote(fingerprint)},${ofControl},"message":${quote(message)},${resourceOf(resource)}` +
      `${optional('workload', finding.workload)}${optional('container', finding.container)}` +
      `,"path":${quoteOften(path)}${file}${position(finding)}${decision('exception', finding.exception)}` +
      `${decision('requested', finding.requested)},"fixable":${String(finding.isFixable)}}`
    );
  };
}

function optional(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${quote(value)}`;
}

function decision(name: string, exception: Exception | undefined): string {
  if (exception === undefined) return '';
  const { reason, owner, until, approvedBy, origin, source } = exception;
  const fields = [
    `"reason":${quote(reason)}`,
    ...Object.entries({ owner, until, approvedBy, origin, source }).map(([key, value]) =>
      optional(key, value).slice(1),
    ),
  ];
  return `,"${name}":{${fields.filter((field) => field !== '').join(',')}}`;
}

function position({ region }: Finding): string {
  return region === undefined
    ? ''
    : `,"line":${region.line},"column":${region.column},"endLine":${region.endLine}`;
}
