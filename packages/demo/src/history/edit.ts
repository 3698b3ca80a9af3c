import type { JsonObject } from '@bulwark/core';
import type { AppSpec } from '../app/app-spec.ts';
import type { DemoActor } from './actors.ts';

interface EditBase {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: DemoActor;
}

/** A change of an application, told backwards: what it was before. Undefined where there was none. */
export interface AppEdit extends EditBase {
  /** `namespace/name`. */
  readonly app: string;
  readonly undo: (after: AppSpec | undefined) => AppSpec | undefined;
}

/** A change of an object that belongs to no application, told backwards. */
export interface ObjectEdit extends EditBase {
  /** As `keyOf` gives it. */
  readonly object: string;
  readonly undo: (after: JsonObject | undefined) => JsonObject | undefined;
}

/** A change of the shop. */
export type Edit = AppEdit | ObjectEdit;

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A time of a day, `HH:MM` in UTC, so many days before the day of `now`. */
export function daysBefore(now: number, days: number, time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return (Math.floor(now / DAY) - days) * DAY + (Number(hours) * 60 + Number(minutes)) * MINUTE;
}
