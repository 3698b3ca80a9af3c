import type { ConfigurationDocument } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { type Control, configureControl, controlsNamed } from '@bulwark/core';
import { controlNames } from '../catalogue.ts';
import { type At, addParamFault, changeOf } from './control-change.ts';
import type { Faults } from './faults.ts';
import { ownControl, type WrittenControl } from './own-control.ts';

type Wanted = NonNullable<ConfigurationDocument['controls']>[string];

/** The catalogue as a configuration wants it. */
export interface ConfiguredControls {
  readonly controls: readonly Control[];
  readonly enabled: ReadonlyMap<string, boolean>;
}

/** Applies what a configuration says of controls, and adds the team's own. Faults are noted, not thrown. */
export function resolveControls(
  document: ConfigurationDocument,
  custom: readonly WrittenControl[],
  faults: Faults,
): ConfiguredControls {
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
  for (const written of custom) {
    const at = { path: ['custom', written.index], faults };
    const control = ownControl(written, at);
    const [taken] = controlsNamed(written.id, [...configured.values()]);
    if (taken !== undefined)
      faults.add([...at.path, 'id'], `there is a control ${whatIs(written.id, taken)} already`);
    configured.set(control.id, control);
    enabled.set(control.id, true);
  }
  return { controls: [...configured.values()], enabled };
}

function whatIs(name: string, { id }: Control): string {
  return name === id ? id : `${id}, once called ${name},`;
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
    const change = changeOf(control, wanted, at);
    const changed = configureControl(control, change ?? {});
    configured.set(id, changed);
    // Whoever sets what a control of no profile needs wants it to run.
    const isWanted = wanted.enabled ?? (control.profile === 'opt-in' ? true : undefined);
    if (isWanted !== undefined) enabled.set(id, isWanted);
    if (isWanted !== false && change !== undefined) addParamFault(changed, at);
  }
}
