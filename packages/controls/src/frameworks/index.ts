import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';
import { pssBaseline } from './pss-baseline.ts';
import { pssRestricted } from './pss-restricted.ts';

/** Every built-in framework. */
export const FRAMEWORKS: readonly Framework<ControlId>[] = [pssBaseline, pssRestricted];
