import { type ConfigurationDocument, configurationSchema } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { type Control, configureControl, controlsNamed, get, isObject, placeholdersOf } from '@bulwark/core';

import { type At, addParamFault, changeOf } from './control-change.ts';

type OwnControl = NonNullable<ConfigurationDocument['custom']>[number];

/** A control of a team as it is written. */
export interface WrittenControl {
  readonly index: number;
  readonly id: string;
  /** Undefined when the schema refuses it; that is noted already. */
  readonly own: OwnControl | undefined;
}

/** The controls of a team, each on its own: what is wrong with one must not hide what is wrong with another. */
export function writtenControls(document: unknown): WrittenControl[] {
  const custom = isObject(document) ? document['custom'] : undefined;
  if (!Array.isArray(custom)) return [];
  return custom.flatMap((written, index): WrittenControl[] => {
    const id = get(written, 'id');
    if (typeof id !== 'string') return [];
    const { data } = configurationSchema.safeParse({ custom: [written] });
    return [{ index, id, own: data?.custom?.[0] }];
  });
}

/**
 * A control of a team: a built-in one under its id and text. Where it cannot be made, which is noted, another one stands
 * in for it, so that exceptions for it are no faults as well.
 */
export function ownControl({ id, own }: WrittenControl, at: At): Control {
  return (own && madeControl(own, at)) ?? configureControl(CONTROLS[0], { id });
}

function madeControl(own: OwnControl, at: At): Control | undefined {
  const { path, faults } = at;
  // One that was renamed still answers to its old id.
  const [base, ...others] = controlsNamed(own.control, CONTROLS);
  if (base === undefined) {
    const known = CONTROLS.map((control) => control.id);
    faults.add([...path, 'control'], 'unknown control', { text: own.control, known });
    return undefined;
  }
  if (others.length > 0) {
    const ids = [base, ...others].map((control) => control.id).join(', ');
    faults.add([...path, 'control'], `${own.control} is several controls; name one of ${ids}`);
    return undefined;
  }
  const { id, title, message, problem, rationale, remediation } = own;
  if (message !== undefined) checkPlaceholders(message, base, at);
  const texts = { title, message, problem, rationale, remediation };
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
  const change = changeOf(base, own, at);
  const control = configureControl(base, { id, ...given, ...change });
  if (change !== undefined) addParamFault(control, at);
  return control;
}

function checkPlaceholders(message: string, base: Control, { path, faults }: At): void {
  const known = placeholdersOf(base).map((name) => `{${name}}`);
  for (const braced of new Set(message.match(/\{\s*[\w.-]+\s*\}/g)))
    if (!known.includes(braced))
      faults.add(
        [...path, 'message'],
        `${braced} is nothing that ${base.id} fills in, which is ${known.join(', ')}`,
      );
}
