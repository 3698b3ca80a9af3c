import type { SchemaFault } from '@bulwark/api';
import { isObject } from '@bulwark/core';

/** What stands in for an exception with faults, so that the others keep their places. */
const NO_EXCEPTION = { reason: '-' };

/**
 * What is left of a document without the parts that have faults: single controls, single exceptions, else whole sections.
 * In it names can be looked up, so that a wrong name is said together with a wrong key elsewhere.
 */
export function soundPart(value: unknown, faults: readonly SchemaFault[]): unknown {
  if (!isObject(value)) return {};
  const bad = new Set(faults.map(partOf));
  const left = without(value, (section) => bad.has(section));
  const { controls, exceptions } = left;
  return {
    ...left,
    ...(isObject(controls) && { controls: soundControls(controls, faults) }),
    ...(isObject(exceptions) && { exceptions: soundExceptions(exceptions, bad) }),
  };
}

/** The part that a fault makes useless. */
function partOf({ path: [section, name, index] }: SchemaFault): string {
  const isPart = name !== undefined && (section === 'controls' || section === 'exceptions');
  if (!isPart) return `${section}`;
  return name === 'accepted' && index !== undefined ? `exceptions.accepted.${index}` : `${section}.${name}`;
}

/** Of a control with faults the parameters stay where the faults are elsewhere, so that those can be looked up. */
function soundControls(
  controls: Readonly<Record<string, unknown>>,
  faults: readonly SchemaFault[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(controls).flatMap(([name, written]) => {
      const own = faults.filter(({ path }) => path[0] === 'controls' && path[1] === name);
      if (own.length === 0) return [[name, written]];
      if (!isObject(written) || own.some(({ path }) => path.length < 3 || path[2] === 'params')) return [];
      const { params, enabled } = written;
      if (!isObject(params)) return [];
      return [[name, { params, ...(typeof enabled === 'boolean' && { enabled }) }]];
    }),
  );
}

function soundExceptions(
  exceptions: Readonly<Record<string, unknown>>,
  bad: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const left = without(exceptions, (name) => bad.has(`exceptions.${name}`));
  const { accepted } = left;
  if (!Array.isArray(accepted)) return left;
  return {
    ...left,
    accepted: accepted.map((written: unknown, index) =>
      bad.has(`exceptions.accepted.${index}`) ? NO_EXCEPTION : written,
    ),
  };
}

function without(
  mapping: Readonly<Record<string, unknown>>,
  isBad: (key: string) => boolean,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(mapping).filter(([key]) => !isBad(key)));
}
