import { canonicalJson, formatPath, isObject, isSameJson, type Json, type Path } from '@bulwark/core';

/**
 * What makes one object of another, a line for each change: `PATH = JSON` for what is set or added, `PATH gone` for what
 * is removed, with paths as `formatPath` prints them.
 */
export function changesBetween(before: Json, after: Json): string[] {
  const changes: string[] = [];
  const set = (path: Path): void => {
    changes.push(`${formatPath(after, path)} = ${canonicalJson(valueIn(after, path))}`);
  };
  const gone = (path: Path): void => {
    changes.push(`${formatPath(before, path)} gone`);
  };
  const compare = (old: Json | undefined, now: Json | undefined, path: Path): void => {
    if (isSameJson(old, now)) return;
    if (isObject(old) && isObject(now)) {
      for (const key of Object.keys({ ...old, ...now }))
        if (now[key] === undefined) gone([...path, key]);
        else compare(old[key], now[key], [...path, key]);
    } else if (Array.isArray(old) && Array.isArray(now)) compareLists(old, now, path);
    else set(path);
  };
  /** Lists of one length item by item; else what was removed from a list, or added at its end. */
  const compareLists = (old: readonly Json[], now: readonly Json[], path: Path): void => {
    if (old.length === now.length)
      for (const [index, item] of old.entries()) compare(item, now[index], [...path, index]);
    else if (isSameJson(old, now.slice(0, old.length)))
      for (let index = old.length; index < now.length; index++) set([...path, index]);
    else {
      const missing = missingIn(old, now);
      if (missing === undefined) set(path);
      else for (const index of missing) gone([...path, index]);
    }
  };
  compare(before, after, []);
  return changes;
}

/** The indexes of the items that a list has lost; undefined where it has others as well. */
function missingIn(old: readonly Json[], now: readonly Json[]): number[] | undefined {
  let next = 0;
  const missing = old.flatMap((item, index) => {
    if (next < now.length && isSameJson(item, now[next])) {
      next++;
      return [];
    }
    return [index];
  });
  return next === now.length ? missing : undefined;
}

function valueIn(root: Json, path: Path): Json {
  let value: Json | undefined = root;
  for (const part of path)
    value = Array.isArray(value) ? value[Number(part)] : isObject(value) ? value[part] : undefined;
  return value ?? null;
}
