import { FRAMEWORKS } from '@bulwark/controls';
import { type Control, controlsNamed, type Framework, requirementsOf } from '@bulwark/core';
import { unknownName } from './exit.ts';

/** Every id and alias, for "did you mean". */
export function controlNames(controls: readonly Control[]): string[] {
  return controls.flatMap(({ id, aliases }) => [id, ...aliases]);
}

/**
 * The controls that a user means by an id or an alias, which may lack its tool: `CKV_K8S_17`, as reports of that tool
 * print it. Throws a usage error that names the nearest one.
 */
export function namedControls(name: string, controls: readonly Control[]): readonly Control[] {
  const exact = controlsNamed(name, controls);
  const found =
    exact.length > 0
      ? exact
      : controls.filter(({ aliases }) => aliases.some((alias) => alias.endsWith(`:${name}`)));
  if (found.length > 0) return found;
  throw unknownName('control', name, controlNames(controls));
}

/** The framework that a user means. Throws a usage error that names the nearest one. */
export function namedFramework(id: string): Framework {
  const framework = FRAMEWORKS.find((candidate) => candidate.id === id);
  if (framework !== undefined) return framework;
  const ids = FRAMEWORKS.map((candidate) => candidate.id);
  throw unknownName('framework', id, ids);
}

/**
 * A control's text and data for machines, without its code, and what a configuration says of it.
 *
 * @param isEnabled whether it runs, whatever the profile says; undefined when the profile decides.
 */
export function controlData(control: Control, isEnabled?: boolean): Record<string, unknown> {
  const {
    id,
    aliases,
    title,
    severity,
    profile,
    since,
    rationale,
    remediation,
    references,
    attack,
    looks,
    kubernetes,
    params,
    fix,
    basedOn,
    values = {},
    scope,
  } = control;
  const frameworks = requirementsOf(id, FRAMEWORKS);
  return {
    id,
    title,
    severity,
    profile,
    since,
    aliases,
    rationale,
    remediation,
    references,
    attack,
    looks,
    frameworks,
    ...(kubernetes && { kubernetes }),
    ...(params && { params }),
    ...(fix && { fix: { grade: fix.grade, why: fix.why } }),
    ...(basedOn !== undefined && { basedOn }),
    ...(isEnabled !== undefined && { enabled: isEnabled }),
    ...(Object.keys(values).length > 0 && { values }),
    ...(scope && { scope }),
  };
}
