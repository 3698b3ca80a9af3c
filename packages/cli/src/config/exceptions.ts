import type { ConfigurationDocument } from '@bulwark/api';
import type { Control, Exception, ExceptionScope } from '@bulwark/core';
import { controlsNamed } from '@bulwark/core';
import { controlNames } from '../catalogue.ts';
import type { Faults } from './faults.ts';
import { listed, resolveScope } from './scopes.ts';

type Written = NonNullable<NonNullable<ConfigurationDocument['exceptions']>['accepted']>[number];

/** The exceptions of a configuration, with aliases resolved. Unknown controls are noted as faults. */
export function resolveExceptions(
  written: readonly Written[],
  controls: readonly Control[],
  faults: Faults,
): Exception[] {
  return written.map((exception, index) => {
    const path = ['exceptions', 'accepted', index];
    const { control, container, image, reason, owner, until, approvedBy } = exception;
    const isForAll = listed(control)?.includes('*') ?? true;
    const ids = listed(control)?.flatMap((name, at) => {
      if (name === '*') return [];
      const named = controlsNamed(name, controls).map(({ id }) => id);
      if (named.length === 0)
        faults.add(
          typeof control === 'string' ? [...path, 'control'] : [...path, 'control', at],
          'unknown control',
          {
            text: name,
            known: controlNames(controls),
          },
        );
      return named;
    });
    const [containers, images] = [listed(container), listed(image)];
    const scope: ExceptionScope = {
      ...resolveScope(exception),
      ...(ids !== undefined && !isForAll && { controls: [...new Set(ids)] }),
      ...(containers !== undefined && { containers }),
      ...(images !== undefined && { images }),
    };
    return {
      origin: 'configuration',
      source: faults.sourceOf(path),
      scope,
      reason,
      ...(owner !== undefined && { owner }),
      ...(until !== undefined && { until }),
      ...(approvedBy !== undefined && { approvedBy }),
    };
  });
}
