import { arrayAt, type Edit, type Fix, type Json, mayBreak, type Path, valueAt } from '@bulwark/core';

/** The verbs of the API's own operations on resources: all that `*` stands for but the special ones. */
const ORDINARY_VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
] as const;

/** Removes an entry of a rule; with the last one goes the whole rule, for the API server refuses an empty list. */
function withoutEntry(path: Path): Edit {
  return { op: 'remove', path, last: path.slice(0, -2) };
}

/** Takes the resource at the violation out of its rule. */
export function dropResource(why: string): Fix {
  return { ...mayBreak(why), edits: ({ path }) => [withoutEntry(path)] };
}

/** Verbs that only some resources have, each of which gives more than the resource itself. */
const SPECIAL_VERBS = new Set(['impersonate', 'bind', 'escalate', 'approve', 'sign', 'use']);

/** Takes the verb at the violation out of its rule; a `*` becomes the ordinary verbs. */
export function dropVerb(why: string): Fix {
  return {
    ...mayBreak(why),
    edits: ({ path }, { object }) => {
      const verbs = arrayAt(object, ...path.slice(0, -1)) ?? [];
      if (valueAt(object, path) === '*')
        return [{ op: 'set', path: path.slice(0, -1), value: ordinaryVerbsOf(verbs) }];
      // Beside a `*`, the edit of that one is the whole remedy.
      return verbs.includes('*') ? [] : [withoutEntry(path)];
    },
  };
}

function ordinaryVerbsOf(verbs: readonly Json[]): readonly string[] {
  const others = verbs.filter((verb) => typeof verb === 'string').filter((verb) => !SPECIAL_VERBS.has(verb));
  return [...new Set<string>([...ORDINARY_VERBS, ...others.filter((verb) => verb !== '*')])];
}
