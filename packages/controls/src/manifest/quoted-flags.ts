import { type Fix, safe, valueAt } from '@bulwark/core';

/** Puts quotes around true and false. A number is left alone: how it was written, such as 1.10, is no longer known. */
export const quoteFlags: Fix = {
  ...safe('The API server refuses the object as it is, so nothing can depend on it.'),
  edits: ({ path }, { object }) => {
    const value = valueAt(object, path);
    return typeof value === 'boolean' ? [{ op: 'set', path, value: String(value) }] : [];
  },
};
