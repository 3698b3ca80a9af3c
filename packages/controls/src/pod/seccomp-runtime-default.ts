import { type Fix, mayBreak } from '@bulwark/core';

/** The field below `securityContext`; a violation lies at it or at its type. */
const FIELD = 'seccompProfile';

/**
 * Gives the runtime's own profile to whoever the violation names, in the field or in the annotation of old versions.
 * The whole profile is replaced, because the API server refuses a `localhostProfile` beside another type.
 */
export const seccompRuntimeDefault: Fix = {
  ...mayBreak(
    'A program that needs a system call which the profile of the runtime blocks, such as a debugger or a container builder, gets an error from it.',
  ),
  edits: ({ path }) => {
    const end = path.lastIndexOf(FIELD);
    if (end < 0) return [{ op: 'set', path, value: 'runtime/default' }];
    return [{ op: 'set', path: path.slice(0, end + 1), value: { type: 'RuntimeDefault' } }];
  },
};
