import { FRAMEWORKS } from '@bulwark/controls';
import type { Control } from '@bulwark/core';

/** The requirements that a control helps to decide, as `framework/requirement`. */
export function requirementsOf(control: string): string[] {
  return FRAMEWORKS.flatMap(({ id, requirements }) =>
    requirements
      .filter(
        ({ coverage }) =>
          coverage.kind === 'automated' && coverage.controls.some((candidate) => candidate === control),
      )
      .map((requirement) => `${id}/${requirement.id}`),
  );
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
  const frameworks = requirementsOf(id);
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
