import { containers, defineControl, type Edit, type Path, safe, valueAt } from '@bulwark/core';
import { isOptional, referencesOf, type Variable, variablesOf } from './env-variables.ts';

export const envDuplicate = defineControl({
  id: 'env-duplicate',
  aliases: [
    'kube-linter:duplicate-env-var',
    'kube-score:environment-variable-key-duplication',
    'kubescape:C-0295',
  ],
  title: 'Containers must not set an environment variable twice',
  problem: 'set an environment variable twice',
  message: 'Container {container} of {resource} sets the variable {name} again further down.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Only the last value counts, so the first is an order that nobody follows: a switch that seems to be on is off. Server-side apply refuses such a list, and a client-side one may drop the wrong entry.',
  remediation: 'Keep one entry for each variable, the one whose value is meant.',
  references: [
    'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
  ],
  attack: [],
  fix: {
    ...safe('The last value counted before, and it stays.'),
    edits: ({ path }, { object }) => removal(path, object),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const variables = variablesOf(view.container.spec);
    const last = lastOf(variables);
    for (const { index, name } of variables)
      if (index < (last.get(name) ?? index)) yield view.at(['env', index], { name });
  },
});

/** Where each variable is set for good. */
function lastOf(variables: readonly Variable[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const variable of variables) if (!isOptional(variable)) last.set(variable.name, variable.index);
  return last;
}

/** No edit where a variable below refers to this value before the last one replaces it. */
function removal(path: Path, object: unknown): readonly Edit[] {
  const index = Number(path.at(-1));
  const variables = variablesOf(valueAt(object, path.slice(0, -2)));
  const name = variables.find((variable) => variable.index === index)?.name ?? '';
  const isUsed = variables.some(
    (variable) => variable.index > index && referencesOf(variable).includes(name),
  );
  return isUsed ? [] : [{ op: 'remove', path }];
}
