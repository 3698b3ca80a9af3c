import type { ConfigurationDocument } from '@bulwark/api';
import {
  type Control,
  type ControlChange,
  type ControlScope,
  type Json,
  type Path,
  paramValues,
  whyNotParam,
} from '@bulwark/core';
import type { Faults } from './faults.ts';
import { resolveScope } from './scopes.ts';

type Wanted = NonNullable<ConfigurationDocument['controls']>[string];
type Settings = Exclude<Wanted, string | false>;

/** Where in a configuration something is said, and where to note what is wrong with it. */
export interface At {
  readonly path: Path;
  readonly faults: Faults;
}

/** What settings change of a control; undefined when a parameter is unknown or its value does not fit. */
export function changeOf(control: Control, settings: Partial<Settings>, at: At): ControlChange | undefined {
  const { severity, params = {}, only, not } = settings;
  const wrong = Object.entries(params).filter(([name, value]) => !isParam(control, name, { value, at }));
  if (wrong.length > 0) return undefined;
  const scope: ControlScope = {
    ...(only !== undefined && { only: resolveScope(only) }),
    ...(not !== undefined && { not: resolveScope(not) }),
  };
  return {
    ...(severity !== undefined && { severity }),
    ...(Object.keys(params).length > 0 && { values: params as Readonly<Record<string, Json>> }),
    ...(Object.keys(scope).length > 0 && { scope }),
  };
}

function isParam(
  { id, params: known = {} }: Control,
  name: string,
  { value, at: { path, faults } }: { readonly value: unknown; readonly at: At },
): boolean {
  const param = Object.hasOwn(known, name) ? known[name] : undefined;
  const place = [...path, 'params', name];
  if (param === undefined) {
    faults.add(place, `unknown parameter of ${id}`, { text: name, known: Object.keys(known) });
    return false;
  }
  const reason = whyNotParam(param, value as Json);
  if (reason !== undefined) faults.add(place, reason);
  return reason === undefined;
}

/** Notes what keeps a control from running with the values that it has now. */
export function addParamFault(control: Control, { path, faults }: At): void {
  const { fault } = paramValues(control);
  if (fault === undefined) return;
  const isWritten = Object.hasOwn(control.values ?? {}, fault.param);
  if (isWritten) faults.add([...path, 'params', fault.param], fault.reason);
  else faults.add([...path, 'params'], `${fault.param} ${fault.reason}`);
}
