import type { ConfigurationDocument } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import {
  type Control,
  type ControlChange,
  type ControlScope,
  configureControl,
  type Json,
  type Path,
  whyNotParam,
} from '@bulwark/core';
import { controlNames, controlsNamed } from '../catalogue.ts';
import type { Faults } from './faults.ts';
import { resolveScope } from './scopes.ts';

type Wanted = NonNullable<ConfigurationDocument['controls']>[string];
type Settings = Exclude<Wanted, string | false>;
type OwnControl = NonNullable<ConfigurationDocument['custom']>[number];

/** The catalogue as a configuration wants it. */
export interface ConfiguredControls {
  readonly controls: readonly Control[];
  readonly enabled: ReadonlyMap<string, boolean>;
}

/** Applies what a configuration says of controls, and adds the team's own. Faults are noted, not thrown. */
export function resolveControls(document: ConfigurationDocument, faults: Faults): ConfiguredControls {
  const configured = new Map<string, Control>(CONTROLS.map((control) => [control.id, control]));
  const enabled = new Map<string, boolean>();
  const catalogue: Catalogue = { configured, enabled };
  for (const [name, wanted] of Object.entries(document.controls ?? {})) {
    const path = ['controls', name];
    const named = controlsNamed(name, CONTROLS);
    if (named.length === 0)
      faults.add(path, 'unknown control', { text: name, known: controlNames(CONTROLS) });
    for (const { id } of named) adjust(catalogue, id, wanted, { path, faults });
  }
  for (const [index, own] of (document.custom ?? []).entries()) {
    const control = ownControl(own, ['custom', index], faults);
    if (control === undefined) continue;
    if (configured.has(control.id))
      faults.add(['custom', index, 'id'], `there is a control ${control.id} already`);
    configured.set(control.id, control);
    enabled.set(control.id, true);
  }
  return { controls: [...configured.values()], enabled };
}

interface Catalogue {
  readonly configured: Map<string, Control>;
  readonly enabled: Map<string, boolean>;
}

function adjust({ configured, enabled }: Catalogue, id: string, wanted: Wanted, at: At): void {
  const control = configured.get(id);
  if (control === undefined) return;
  if (wanted === 'off' || wanted === false) enabled.set(id, false);
  else if (typeof wanted === 'string') configured.set(id, configureControl(control, { severity: wanted }));
  else {
    configured.set(id, configureControl(control, changeOf(control, wanted, at)));
    // Whoever sets what a control of no profile needs wants it to run.
    const isWanted = wanted.enabled ?? (control.profile === 'opt-in' ? true : undefined);
    if (isWanted !== undefined) enabled.set(id, isWanted);
  }
}

interface At {
  readonly path: Path;
  readonly faults: Faults;
}

function ownControl(own: OwnControl, path: Path, faults: Faults): Control | undefined {
  const base = CONTROLS.find((control: Control) => control.id === own.control);
  if (base === undefined) {
    const known = CONTROLS.map((control) => control.id);
    faults.add([...path, 'control'], 'unknown control', { text: own.control, known });
    return undefined;
  }
  const { id, title, message, problem, rationale, remediation } = own;
  const texts = { title, message, problem, rationale, remediation };
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
  const change = changeOf(base, own, { path, faults });
  for (const [name, param] of Object.entries(base.params ?? {}))
    if (param.default === undefined && change.values?.[name] === undefined)
      faults.add([...path, 'params'], `the parameter ${name} of ${base.id} has to be set`);
  return configureControl(base, { id, ...given, ...change });
}

function changeOf(control: Control, settings: Partial<Settings>, { path, faults }: At): ControlChange {
  const { severity, params = {}, only, not } = settings;
  const known = control.params ?? {};
  for (const [name, value] of Object.entries(params)) {
    const param = Object.hasOwn(known, name) ? known[name] : undefined;
    const at = [...path, 'params', name];
    if (param === undefined)
      faults.add(at, `unknown parameter of ${control.id}`, { text: name, known: Object.keys(known) });
    else {
      const reason = whyNotParam(param, value as Json);
      if (reason !== undefined) faults.add(at, reason);
    }
  }
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
