import { arrayAt, containers, defineControl } from '@bulwark/core';
import { referencesOf, variablesOf } from './env-variables.ts';

export const envReferenceOrder = defineControl({
  id: 'env-reference-order',
  aliases: [],
  title: 'Environment variables must refer only to variables above them',
  problem: 'refer to an environment variable that is set only further down',
  message:
    'In container {container} of {resource}, the variable {name} refers to {reference}, which is set only further down.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'References are filled in from the top. One to a variable further down stays as it is written, so the program gets the reference and not the value: an address that does not exist, or a password that is the same in every cluster.',
  remediation: 'Move the variable that is referred to above the one that refers to it.',
  references: [
    'https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/',
  ],
  attack: [],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: ({ container }) =>
    (arrayAt(container.spec, 'envFrom') ?? []).length > 0
      ? 'Variables from elsewhere (envFrom) may come first.'
      : undefined,
  *evaluate({ container, at }) {
    const variables = variablesOf(container.spec);
    const below = new Map(variables.map(({ name, index }) => [name, index]));
    const above = new Set<string>();
    for (const variable of variables) {
      const { name, index } = variable;
      const reference = referencesOf(variable).find(
        (other) => !above.has(other) && (below.get(other) ?? index) > index,
      );
      if (reference !== undefined) yield at(['env', index, 'value'], { name, reference });
      above.add(name);
    }
  },
});
