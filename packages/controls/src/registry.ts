import type { Control } from '@bulwark/core';
import { ADMISSION_CONTROLS } from './admission/index.ts';
import { AVAILABILITY_CONTROLS } from './availability/index.ts';
import { CUSTOM_CONTROLS } from './custom/index.ts';
import { IDENTITY_CONTROLS } from './identity/index.ts';
import { IMAGES_CONTROLS } from './images/index.ts';
import { MANIFEST_CONTROLS } from './manifest/index.ts';
import { NAMESPACE_CONTROLS } from './namespace/index.ts';
import { NETWORK_CONTROLS } from './network/index.ts';
import { POD_CONTROLS } from './pod/index.ts';
import { RBAC_CONTROLS } from './rbac/index.ts';
import { RESOURCES_CONTROLS } from './resources/index.ts';
import { SECRETS_CONTROLS } from './secrets/index.ts';
import { SERVICE_CONTROLS } from './service/index.ts';

/** Every built-in control, by domain and then by id. A control exists for the product once its domain lists it. */
export const CONTROLS = [
  ...ADMISSION_CONTROLS,
  ...AVAILABILITY_CONTROLS,
  ...CUSTOM_CONTROLS,
  ...IDENTITY_CONTROLS,
  ...IMAGES_CONTROLS,
  ...MANIFEST_CONTROLS,
  ...NAMESPACE_CONTROLS,
  ...NETWORK_CONTROLS,
  ...POD_CONTROLS,
  ...RBAC_CONTROLS,
  ...RESOURCES_CONTROLS,
  ...SECRETS_CONTROLS,
  ...SERVICE_CONTROLS,
] as const;

/** The id of a built-in control. */
export type ControlId = (typeof CONTROLS)[number]['id'];

/** The control of an id; else all that have the alias, for other tools divide their checks differently. */
export function findControls(name: string): readonly Control[] {
  const controls: readonly Control[] = CONTROLS;
  const named = controls.filter((control) => control.id === name);
  return named.length > 0 ? named : controls.filter((control) => control.aliases.includes(name));
}
