import {
  type CoverageEntry,
  coverage,
  type Exception,
  type ExceptionScope,
  type Finding,
  type FormerlyNamed,
  formerFingerprint,
} from '@bulwark/core';

/** Exceptions that name findings as these are called by now, and what is to be said of that. */
export interface NamedAnew {
  readonly exceptions: readonly Exception[];
  readonly coverage: readonly CoverageEntry[];
}

/**
 * Has exceptions that name findings by fingerprints of version 1 name them as they are called by now. Somebody may have made another
 * finding for one of these: it means the only one that has it, where that is of the control and in the object that is written beside it.
 */
export function nameAnew(exceptions: readonly Exception[], findings: readonly Finding[]): NamedAnew {
  const entries: CoverageEntry[] = [];
  const named = exceptions.map((exception): Exception => {
    const { former } = exception.scope;
    if (former === undefined) return exception;
    const { scope, ambiguous } = scopeOf(exception.scope, former, findings);
    entries.push(
      coverage('former-fingerprints', reasonOf(exception.source, former.size, ambiguous), {
        file: exception.source,
      }),
    );
    return { ...exception, scope };
  });
  return { exceptions: named, coverage: entries };
}

function reasonOf(file: string, former: number, ambiguous: number): string {
  const named =
    former === 1
      ? '1 finding is named by its fingerprint'
      : `${former} findings are named by their fingerprints`;
  const left =
    ambiguous === 0
      ? ''
      : ` ${ambiguous === 1 ? '1 of these is' : `${ambiguous} of these are`} of several findings, or of another one than is meant: nothing is accepted by ${ambiguous === 1 ? 'it' : 'them'}.`;
  return `${named} of version 1.${left} bulwark scan with --baseline ${file} --write-baseline ${file} writes it anew.`;
}

function scopeOf(
  scope: ExceptionScope,
  former: ReadonlyMap<string, FormerlyNamed>,
  findings: readonly Finding[],
): { readonly scope: ExceptionScope; readonly ambiguous: number } {
  const fingerprints = new Set(scope.fingerprints);
  const listed = new Map(scope.listed);
  let ambiguous = 0;
  for (const [name, found] of byFormerName(findings, former)) {
    const [only, ...others] = found.values();
    const meant = former.get(name);
    if (only === undefined || meant === undefined || others.length > 0 || !isMeant(only, meant)) {
      ambiguous++;
      continue;
    }
    fingerprints.delete(name);
    fingerprints.add(only.fingerprint);
    listed.set(only.fingerprint, [...(listed.get(only.fingerprint) ?? []), ...(listed.get(name) ?? [])]);
    listed.delete(name);
  }
  return { scope: { ...scope, fingerprints, listed }, ambiguous };
}

/** Of each former fingerprint that is asked for the findings that have it, by their fingerprints. */
function byFormerName(
  findings: readonly Finding[],
  former: ReadonlyMap<string, FormerlyNamed>,
): ReadonlyMap<string, ReadonlyMap<string, Finding>> {
  const found = new Map<string, Map<string, Finding>>();
  for (const finding of findings) {
    const name = formerFingerprint(finding);
    if (!former.has(name)) continue;
    const same = found.get(name) ?? new Map<string, Finding>();
    found.set(name, same.set(finding.fingerprint, finding));
  }
  return found;
}

function isMeant({ control, resource: { kind, namespace, name } }: Finding, meant: FormerlyNamed): boolean {
  return (
    (meant.control ?? control) === control &&
    (meant.kind ?? kind) === kind &&
    (meant.namespace ?? namespace) === namespace &&
    (meant.name ?? name) === name
  );
}
