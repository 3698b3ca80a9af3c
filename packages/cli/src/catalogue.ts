import { CONTROLS, FRAMEWORKS, findControls } from '@bulwark/controls';
import { type Control, type Framework, requirementsOf } from '@bulwark/core';
import { unknownName } from './exit.ts';

/** The controls that a user means by an id or an alias. Throws a usage error that names the nearest one. */
export function namedControls(name: string): readonly Control[] {
  const found = findControls(name);
  if (found.length > 0) return found;
  const names = CONTROLS.flatMap((candidate: Control) => [candidate.id, ...candidate.aliases]);
  throw unknownName('control', name, names);
}

/** The framework that a user means. Throws a usage error that names the nearest one. */
export function namedFramework(id: string): Framework {
  const framework = FRAMEWORKS.find((candidate) => candidate.id === id);
  if (framework !== undefined) return framework;
  const ids = FRAMEWORKS.map((candidate) => candidate.id);
  throw unknownName('framework', id, ids);
}

/** A control's text and data for machines, without its code. */
export function controlData(control: Control): Record<string, unknown> {
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
  };
}
